// Which video of a result is saved, and what of it.

import { describe, expect, test } from 'vitest'
import { inFolder, movingDisc } from '../../test/media/clips.ts'
import { tensor } from '../tensor/tensor.ts'
import { readMetadata } from './metadata.node.ts'
import { readVideo } from './read.node.ts'
import { saveVideo } from './save.node.ts'
import { pickVideo } from './video.ts'

const result = (batch: number) => ({
  frames: tensor(
    'float32',
    [batch, 2, 8, 8, 3],
    Float32Array.from({ length: batch * 384 }, (_, i) => Math.floor(i / 384) / 4),
  ),
  latents: tensor('float32', [batch, 4, 2, 1, 1]),
  settings: { prompt: ['a', 'b'], seed: 7 },
})

describe('a result', () => {
  test('of one video is that video', () => {
    const { frames, latents, settings } = pickVideo(result(1), undefined)
    expect(frames.shape).toEqual([2, 8, 8, 3])
    expect(latents?.shape).toEqual([1, 4, 2, 1, 1])
    expect(settings).toEqual({ prompt: ['a', 'b'], seed: 7 })
  })

  test('of several needs an index within the batch', () => {
    expect(() => pickVideo(result(3), undefined)).toThrow('holds 3 videos; choose one with the option index, 0 to 2')
    expect(() => pickVideo(result(3), 3)).toThrow('index is 3')
    const second = pickVideo(result(3), 1)
    expect(second.frames.data.every((value) => value === 0.25)).toBe(true)
    expect(second.settings).toEqual({ prompt: ['a', 'b'], seed: 7, index: 1 })
  })

  test('without frames says how to get them', () => {
    expect(() => pickVideo({ ...result(1), frames: tensor('float32', [0]) }, undefined)).toThrow("outputType 'frames'")
  })

  test('is saved with its settings and latents', () =>
    inFolder(async (folder) => {
      await saveVideo(result(2), `${folder}/a.safetensors`, { index: 1, fps: 4 })
      expect(await readMetadata(`${folder}/a.safetensors`)).toEqual({ prompt: ['a', 'b'], seed: 7, index: 1, fps: 4 })
      expect((await readVideo(`${folder}/a.safetensors`)).frames.data[0]).toBe(0.25)
      await saveVideo(result(1), `${folder}/b.gif`, { metadata: false })
      expect(await readMetadata(`${folder}/b.gif`)).toBeUndefined()
    }))
})

test('bare frames stay as they are', () => {
  const frames = movingDisc(2, 8, 8)
  expect(pickVideo(frames, undefined)).toEqual({ frames })
})

test('a bare batch is as a result: one alone, or the one that index names', () => {
  expect(pickVideo(result(1).frames, undefined).frames.shape).toEqual([2, 8, 8, 3])
  expect(pickVideo(result(3).frames, 2).frames.data.every((value) => value === 0.5)).toBe(true)
  expect(() => pickVideo(result(3).frames, undefined)).toThrow('holds 3 videos')
})
