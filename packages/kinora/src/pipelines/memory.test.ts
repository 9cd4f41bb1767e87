// The estimate against what the engine process really takes, on a model small enough to be measured.

import { afterAll, describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { TextToVideoPipeline } from './text-to-video.ts'

describe('estimateMemory', () => {
  const pipeline = TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'))
  afterAll(async () => (await pipeline).dispose())

  /** Estimated and measured growth over a run of one small frame. */
  const small = { prompt: 'a cat', numFrames: 1, guidanceScale: 1, numInferenceSteps: 1, seed: 1 } as const

  test.skipIf(process.platform !== 'linux').each([
    ['denoising', { ...small, numFrames: 16, guidanceScale: 9, height: 256, width: 256, outputType: 'latents' }],
    ['decoding', { ...small, height: 512, width: 512 }],
  ] as const)('the working memory of %s is within a third of the measured', async (_, options) => {
    const pipe = await pipeline
    await pipe.dispose() // a new process: peaks never fall
    await pipe.generate(small)
    const before = (await pipe.peakMemory())!
    await pipe.generate(options)
    const measured = (await pipe.peakMemory())! - before
    const estimated = pipe.estimateMemory(pipe.resolve(options)).activations - pipe.estimateMemory(pipe.resolve(small)).activations
    expect(estimated / measured).toBeGreaterThan(0.67)
    expect(estimated / measured).toBeLessThan(1.5)
  })

  test('grows with frames, guidance and size, and counts the frames themselves', async () => {
    const pipe = await pipeline
    const estimate = (options: object) => pipe.estimateMemory(pipe.resolve({ ...small, height: 128, width: 128, ...options }))
    const one = estimate({ numFrames: 64 })
    expect(estimate({ numFrames: 128 }).activations / one.activations).toBeCloseTo(2, 5)
    expect(estimate({ numFrames: 64, guidanceScale: 9 }).activations / one.activations).toBeCloseTo(2, 5)
    expect(estimate({ numFrames: 64, height: 256 }).frames).toBe(2 * one.frames)
    expect(one.frames).toBe(64 * 128 * 128 * 3 * 4)
    expect(one.total).toBeGreaterThan(one.weights + one.activations + one.frames)
  })
})
