// The estimate against what the engine process really takes, on a model small enough to be measured,
// and what it counts.

import { afterAll, describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { loadParts } from './load.ts'
import type { MemoryLevers } from './memory.ts'
import { memoryEstimator, NO_LEVERS } from './memory.ts'
import { TextToVideoPipeline } from './text-to-video.ts'

describe('memoryEstimator', () => {
  const checkpoint = fixture('checkpoints/ms')
  const pipeline = TextToVideoPipeline.fromPretrained(checkpoint, { offload: true, memoryLimit: '1TiB' }) // one that gives all freed memory back
  const files = loadParts(checkpoint, {}, 'text-to-video').then((parts) => parts.files)
  afterAll(async () => (await pipeline).dispose())

  const small = { prompt: 'a cat', numFrames: 1, guidanceScale: 1, numInferenceSteps: 1, seed: 1 } as const
  const estimate = async (options: object, levers: Partial<MemoryLevers> = {}, offload = true) =>
    memoryEstimator(await files, offload)((await pipeline).resolve({ ...small, ...options }), { ...NO_LEVERS, ...levers })

  test.skipIf(process.platform !== 'linux').each([
    ['denoising', { ...small, numFrames: 256, guidanceScale: 9, height: 64, width: 64, outputType: 'latents' }],
    ['decoding', { ...small, height: 512, width: 512 }],
  ] as const)('the working memory of %s is near the measured', async (_, options) => {
    const pipe = await pipeline
    await pipe.dispose() // a new process: peaks never fall
    await pipe.generate(small)
    const before = (await pipe.peakMemory())!
    await pipe.generate(options)
    const measured = (await pipe.peakMemory())! - before
    const estimated = (await estimate(options)).activations - (await estimate(small)).activations
    // Within a fifth for real models; this one's 8 channels fill half of a convolution's block, and its overheads are as large as its tensors.
    expect(estimated / measured).toBeGreaterThan(0.5)
    expect(estimated / measured).toBeLessThan(1.5)
  })

  test('grows with frames and guidance, and counts the frames themselves', async () => {
    const at = (options: object) => estimate({ height: 64, width: 64, ...options }, { arena: false })
    const [base, one, two] = [await at({}), await at({ numFrames: 512 }), await at({ numFrames: 1024 })]
    const guided = await at({ numFrames: 512, guidanceScale: 9 })
    expect((two.activations - base.activations) / (one.activations - base.activations)).toBeCloseTo(2, 0)
    expect((guided.activations - base.activations) / (one.activations - base.activations)).toBeCloseTo(2, 0)
    expect((await estimate({ numFrames: 32, height: 256, width: 256 }, {}, false)).frames).toBe(32 * 256 * 256 * 3 * 4)
    expect(one.total).toBeGreaterThan(one.weights + one.activations)
  })

  test('every lever takes less than the one before', async () => {
    const options = { numFrames: 512, guidanceScale: 9, height: 64, width: 64 }
    const ways = [{}, { halves: true }, { halves: true, arena: false }, { halves: true, arena: false, parts: 6 }]
    const totals = await Promise.all(ways.map(async (levers) => (await estimate(options, levers)).total))
    expect(totals).toEqual(totals.toSorted((a, b) => b - a))
    expect(totals[0]).toBeLessThan((await estimate(options, {}, false)).total)
    const tall = { height: 512, width: 512 }
    expect((await estimate(tall, { tiles: true })).total).toBeLessThan((await estimate(tall)).total)
  })
})
