// Which videos can be made twice as large, and how that is asked for.

import { expect, test } from 'vitest'
import type { Capabilities, VideoObject } from '../api/types.ts'
import { upscaleOf, upscaleSettings } from './upscale.ts'

const side = (name: string) => ({ name, least: 8, most: 1024, step: 8, default: {}, tasks: ['generate'] })
const capabilities = {
  default_model: 'demo',
  models: [{ id: 'demo', fields: [side('width'), side('height')] }],
  limits: { pixels: 512 * 512 },
} as unknown as Capabilities

test('twice the size, up to the most pixels and the longest side', () => {
  const of = (width: number, height: number) => upscaleOf({ model: 'demo', width, height }, capabilities)
  expect(of(256, 256)).toEqual({ width: 512, height: 512, possible: true })
  expect(of(264, 256)?.possible).toBe(false)
  expect(of(520, 8)?.possible).toBe(false)
})

test('unknown limits promise nothing; a model that is gone makes nothing', () => {
  expect(upscaleOf({ model: 'demo', width: 64, height: 64 }, undefined)).toBeUndefined()
  expect(upscaleOf({ model: 'gone', width: 64, height: 64 }, capabilities)?.possible).toBe(false)
})

test('it is an edit of the video with the same seed', () => {
  const video = { id: 'video_1', prompt: 'a ball', model: 'demo', seed: 5, width: 64, height: 48 } as VideoObject
  expect(upscaleSettings(video, { width: 128, height: 96 })).toMatchObject({
    task: 'edit',
    source: { id: 'video_1' },
    width: 128,
    height: 96,
    strength: 0.6,
    seed: 5,
  })
})
