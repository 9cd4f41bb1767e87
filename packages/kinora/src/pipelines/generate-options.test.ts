// What a generation can do beyond the reference's plain call: several videos, loops, continuing a video,
// changing latents between steps; and what video to video takes. On a small real checkpoint.

import { afterAll, describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import type { TextToVideoOptions, VideoToVideoOptions } from './options.ts'
import { TextToVideoPipeline } from './text-to-video.ts'
import { VideoToVideoPipeline } from './video-to-video.ts'

const SMALL: TextToVideoOptions = { prompt: 'Spiderman is surfing', numFrames: 4, numInferenceSteps: 3, seed: 1, outputType: 'latents' }
const pipe = await TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'))
const v2v = await VideoToVideoPipeline.fromPretrained(fixture('checkpoints/ms'))
afterAll(() => Promise.all([pipe.dispose(), v2v.dispose()]))

/** Frames of [1, C, F, h, w] latents as lists, frame by frame. */
function framesOf({ shape, data }: Tensor<'float32'>): number[][] {
  const [, channels, frames, height, width] = shape as [number, number, number, number, number]
  const area = height * width
  return Array.from({ length: frames }, (_, f) =>
    Array.from({ length: channels }, (_, c) => Array.from(data.slice((c * frames + f) * area, (c * frames + f + 1) * area))).flat(),
  )
}

const clip = (frames: number, height = 64, width = 64) =>
  tensor(
    'float32',
    [frames, height, width, 3],
    Float32Array.from({ length: frames * height * width * 3 }, (_, i) => (i % 251) / 250),
  )

describe('several videos', () => {
  test('prompt by prompt, each as a run of its own with seed + i', async () => {
    const options = { ...SMALL, numFrames: 2, prompt: ['a red circle', 'a big bird'] }
    const { latents, settings } = await pipe.generate({ ...options, numVideosPerPrompt: 2 })
    expect(latents.shape).toEqual([4, 4, 2, 8, 8])
    expect(settings).toMatchObject({ seed: 1, numVideosPerPrompt: 2, prompt: options.prompt })
    const last = await pipe.generate({ ...options, prompt: 'a big bird', seed: 4 })
    expect(Array.from(latents.data.slice(-last.latents.data.length))).toEqual([...last.latents.data])
  })

  test.each([0, 1.5])('numVideosPerPrompt %d is refused', async (numVideosPerPrompt) => {
    await expect(pipe.generate({ ...SMALL, numVideosPerPrompt })).rejects.toThrow(`numVideosPerPrompt is ${numVideosPerPrompt}`)
  })
})

describe('callbackOnStepEnd', () => {
  test('may put other latents in place', async () => {
    const seen: number[] = []
    const { latents } = await pipe.generate({
      ...SMALL,
      callbackOnStepEnd: ({ step, total, latents: own }) => {
        seen.push(step)
        return step === total ? tensor('float32', own.shape) : undefined
      },
    })
    expect(seen).toEqual([1, 2, 3])
    expect(latents.data.every((value) => value === 0)).toBe(true)
  })

  test('a change in the middle changes the end', async () => {
    const plain = await pipe.generate(SMALL)
    const changed = await pipe.generate({
      ...SMALL,
      callbackOnStepEnd: ({ step, latents }) => (step === 1 ? Promise.resolve(tensor('float32', latents.shape)) : undefined),
    })
    expect(changed.latents).not.toEqual(plain.latents)
  })

  test('latents of another shape are refused', async () => {
    const generated = pipe.generate({ ...SMALL, callbackOnStepEnd: () => tensor('float32', [1, 4, 4, 8]) })
    await expect(generated).rejects.toThrow('callbackOnStepEnd returned latents [1, 4, 4, 8]; they must stay [1, 4, 4, 8, 8]')
  })
})

test('guidance rescale is applied and reported', async () => {
  const plain = await pipe.generate(SMALL)
  const rescaled = await pipe.generate({ ...SMALL, guidanceRescale: 0.7 })
  expect(rescaled.latents).not.toEqual(plain.latents)
  expect(rescaled.settings.guidanceRescale).toBe(0.7)
  expect(plain.settings).not.toHaveProperty('guidanceRescale')
  await expect(pipe.generate({ ...SMALL, guidanceRescale: 2 })).rejects.toThrow('guidanceRescale is 2; it must be between 0 and 1')
})

describe('loop', () => {
  test('treats all frames alike: equal noise in every frame ends as equal frames', async () => {
    const one = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * i))
    const same = tensor(
      'float32',
      [1, 4, 4, 8, 8],
      Float32Array.from({ length: 1024 }, (_, i) => one[i % 64]!),
    )
    const looped = await pipe.generate({ ...SMALL, latents: same, loop: true })
    const plain = await pipe.generate({ ...SMALL, latents: same })
    expect(looped.settings.loop).toBe(true)
    expect(spread(looped.latents)).toBeLessThan(spread(plain.latents))
  })
})

/** Mean distance between the frames and their mean. */
function spread(latents: Tensor<'float32'>): number {
  const frames = framesOf(latents)
  const mean = frames[0]!.map((_, i) => frames.reduce((sum, frame) => sum + frame[i]!, 0) / frames.length)
  return frames.reduce((sum, frame) => sum + frame.reduce((s, value, i) => s + Math.abs(value - mean[i]!), 0), 0)
}

describe('continuing a video', () => {
  test('begins with its last frames, whatever the seed', async () => {
    const options = { ...SMALL, numInferenceSteps: 4, continueFrom: clip(6), overlap: 2 }
    const [a, b] = [await pipe.generate(options), await pipe.generate({ ...options, seed: 2 })]
    const [first, second] = [framesOf(a.latents), framesOf(b.latents)]
    expect(first.slice(0, 2)).toEqual(second.slice(0, 2))
    expect(first[2]).not.toEqual(second[2])
    expect(a.settings).toMatchObject({ overlap: 2, strength: 0.9 })
    const other = await pipe.generate({ ...options, continueFrom: tensor('float32', [6, 64, 64, 3]) })
    expect(framesOf(other.latents)[3]).not.toEqual(first[3]) // what comes next depends on what was
  })

  test.each<[Partial<TextToVideoOptions>, RegExp]>([
    [{ continueFrom: clip(6), overlap: 4 }, /overlap is 4; it must be a whole number from 1 to 3/],
    [{ continueFrom: clip(6), strength: 1.5 }, /strength is 1.5; it must be above 0 and at most 1/],
    [{ continueFrom: clip(1), overlap: 2 }, /the video to continue has 1 frames, fewer than the overlap of 2/],
    [{ continueFrom: clip(6), loop: true }, /cannot loop/],
    [{ continueFrom: clip(6), numFrames: 1 }, /needs 2 or more/],
    [{ continueFrom: tensor('float32', [6, 64, 64, 4]) }, /the video has the shape \[6, 64, 64, 4\]/],
  ])('%o is refused', async (options, message) => {
    await expect(pipe.generate({ ...SMALL, ...options })).rejects.toThrow(message)
  })
})

describe('video to video', () => {
  const FROM: VideoToVideoOptions = { prompt: 'a panda', video: clip(3, 70, 66), numInferenceSteps: 5, seed: 3 }

  test('takes its size from the video, rounded down, and the reference’s defaults', () => {
    const settings = v2v.resolve({ prompt: 'a panda', video: clip(3, 70, 66), seed: 3 })
    expect(settings).toMatchObject({ height: 64, width: 64, numFrames: 3, strength: 0.6, guidanceScale: 15, numInferenceSteps: 50 })
    expect(v2v.resolve({ ...FROM, height: 128, width: 96 })).toMatchObject({ height: 128, width: 96 })
  })

  test('runs the last part of the schedule, and tells its phases', async () => {
    const phases = new Set<string>()
    const { frames, latents } = await v2v.generate({ ...FROM, onProgress: ({ phase, total }) => phases.add(`${phase} ${total}`) })
    expect(frames.shape).toEqual([1, 3, 64, 64, 3])
    expect(latents.shape).toEqual([1, 4, 3, 8, 8])
    expect([...phases]).toEqual(['encoding prompt 1', 'encoding frames 3', 'loading 1', 'denoising 3', 'decoding 3'])
  })

  test('one video serves several prompts; latents take the place of frames', async () => {
    const { latents } = await v2v.generate({ ...FROM, prompt: ['a panda', 'a bird'], outputType: 'latents' })
    expect(latents.shape).toEqual([2, 4, 3, 8, 8])
    const { video: _, ...rest } = FROM
    const again = await v2v.generate({ ...rest, latents: tensor('float32', [1, 4, 2, 8, 8]), outputType: 'latents' })
    expect(again.settings).toMatchObject({ height: 64, width: 64, numFrames: 2 })
  })

  test.each<[{ [K in keyof VideoToVideoOptions]?: VideoToVideoOptions[K] | undefined }, RegExp]>([
    [{ strength: 0 }, /strength is 0; it must be above 0 and at most 1/],
    [{ strength: 1.5 }, /strength is 1.5/],
    [{ strength: 0.1 }, /strength 0.1 of 5 steps leaves none to run/],
    [{ video: undefined }, /give a video, or the latents of one/],
    [{ latents: tensor('float32', [1, 4, 2, 8, 8]) }, /give a video, or the latents of one/],
    [{ video: undefined, latents: tensor('float32', [1, 3, 2, 8, 8]) }, /latents are \[1, 3, 2, 8, 8\]; they must be \[B, 4, F, h, w\]/],
    [{ video: tensor('float32', [64, 64, 3]) }, /the video has the shape \[64, 64, 3\]/],
  ])('%o is refused', async (options, message) => {
    const generated = v2v.generate({ ...FROM, ...options } as VideoToVideoOptions)
    await expect(generated).rejects.toThrow(ArgumentError)
    await expect(generated).rejects.toThrow(message)
  })

  test('a file that is not there is refused before anything is loaded', async () => {
    await expect(v2v.generate({ ...FROM, video: 'nowhere.mp4' })).rejects.toThrow(/nowhere\.mp4/)
  })
})
