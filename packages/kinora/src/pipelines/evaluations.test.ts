// Leaving out part of the model's work, on a small real checkpoint: what is off changes nothing, what is on runs as
// little as it says, and what does not go together is refused. Runs of one model stand together, so that it is loaded once.

import { afterAll, describe, expect, test } from 'vitest'
import { relativeError } from '../../test/support/compare.ts'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import type { Session } from '../runtime/engine.ts'
import { HeunDiscreteScheduler } from '../schedulers/index.ts'
import { randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { denoiseLatents } from './denoising.ts'
import { isWithin } from './evaluations.ts'
import { loadParts } from './load.ts'
import type { TextToVideoOptions } from './options.ts'
import type { Run } from './run.ts'
import { lastTimesteps } from './run.ts'
import type { Settings } from './settings.ts'
import { TextToVideoPipeline } from './text-to-video.ts'
import { VideoToVideoPipeline } from './video-to-video.ts'

interface Call {
  /** The feeds bring a prompt of their own, beside sample and timestep. */
  ownPrompt: boolean
  rows: number
  reused: boolean
}

interface Result {
  /** Latents after each step. */
  steps: Tensor<'float32'>[]
  last: Tensor<'float32'>
  /** Calls of the UNet. */
  calls: Call[]
}

const MODEL = fixture('checkpoints/ms')
const SMALL: TextToVideoOptions = { prompt: 'Spiderman is surfing', numFrames: 3, numInferenceSteps: 4, seed: 1 }
const pipe = await TextToVideoPipeline.fromPretrained(MODEL)
const parts = await loadParts(MODEL, {}, 'text-to-video')
afterAll(() => parts.engine.dispose())

/** Denoises noise of seed 1, and watches the calls of the real model. */
async function denoise(options: Partial<TextToVideoOptions>, changes: Partial<Settings> = {}): Promise<Result> {
  const all = { ...SMALL, ...options }
  const calls: Call[] = []
  const get: typeof parts.sessions.get = async (slot, ...rest) => {
    const session = await parts.sessions.get(slot, ...rest)
    return slot === 'unet' ? watched(session, calls) : session
  }
  const settings = { ...pipe.resolve(all), ...changes }
  const run: Run = { ...parts, sessions: { ...parts.sessions, get }, options: all, settings, warn: () => {} }
  const steps = []
  for await (const { latents } of denoiseLatents(run, (generator) =>
    Promise.resolve({ latents: randn([1, 4, 3, 8, 8], generator), timesteps: lastTimesteps(run) }),
  ))
    steps.push(latents)
  return { steps, last: steps.at(-1)!, calls }
}

function watched(session: Session, calls: Call[]): Session {
  return {
    alive: true,
    hold: (feeds) => session.hold(feeds),
    release: () => session.release(),
    run: async (feeds, signal, how) => {
      const results = await session.run(feeds, signal, how)
      const ownPrompt = Object.keys(feeds).length > 2
      calls.push({ ownPrompt, rows: results.out_sample!.shape[0]!, reused: (how?.reuse ?? []).length > 0 })
      return results
    },
  }
}

const plain = await denoise({})

test('the whole schedule as interval, and a cache of one step, are plain: bit for bit, and not worth a word', async () => {
  for (const off of [{ guidanceInterval: [0, 1] as const }, { cacheInterval: 1 }]) {
    expect(await denoise(off)).toEqual(plain)
    expect(pipe.resolve({ ...SMALL, ...off })).toEqual(pipe.resolve(SMALL))
  }
})

describe('guidanceInterval', () => {
  test('the halves of a step one after the other are its halves at once', async () => {
    const { last, calls } = await denoise({ guidanceInterval: [0.1, 0.9] })
    expect(relativeError(last, plain.last)).toBeLessThan(1e-5)
    expect(calls).toEqual(Array.from({ length: 8 }, (_, i) => ({ ownPrompt: i % 2 === 0, rows: 1, reused: false })))
    expect(pipe.resolve({ ...SMALL, guidanceInterval: [0.1, 0.9] }).guidanceInterval).toEqual([0.1, 0.9])
  })

  test('steps inside are guided, steps outside are those of guidance 1 and run one half', async () => {
    const { steps, last, calls } = await denoise({ guidanceInterval: [0, 0.5] })
    expect(calls.map(({ ownPrompt }) => ownPrompt)).toEqual([true, false, true, false, false, false])
    expect(relativeError(steps[1]!, plain.steps[1]!)).toBeLessThan(1e-5)
    expect(relativeError(steps[2]!, plain.steps[2]!)).toBeGreaterThan(1e-3)
    const unguided = await denoise({ guidanceScale: 1, callbackOnStepEnd: ({ step }) => (step === 2 ? steps[1]! : undefined) })
    expect(relativeError(unguided.last, last)).toBeLessThan(1e-5)
  })

  test('counts in the whole schedule where strength leaves a part of it', async () => {
    const { calls } = await denoise({ guidanceInterval: [0.5, 0.75], numInferenceSteps: 8 }, { strength: 0.5 })
    expect(calls.map(({ ownPrompt }) => ownPrompt)).toEqual([true, false, true, false, false, false])
    const v2v = await VideoToVideoPipeline.fromPretrained(MODEL)
    const options = { prompt: 'a panda', latents: tensor('float32', [1, 4, 2, 8, 8]), numInferenceSteps: 10, strength: 0.5 }
    expect(() => v2v.resolve({ ...options, guidanceInterval: [0, 0.5] })).toThrow(/\[0, 0.5\], which holds none of the last 5 of 10 steps/)
  })

  test('a step belongs to it when its middle does', () => {
    const inside = (interval: [number, number], total: number) =>
      Array.from({ length: total }, (_, i) => isWithin(interval, i, total)).flatMap((within, i) => (within ? [i] : []))
    expect(inside([0.2, 0.8], 10)).toEqual([2, 3, 4, 5, 6, 7])
    expect(inside([0.2, 0.8], 4)).toEqual([1, 2])
    expect([...inside([0, 0.5], 25), ...inside([0.5, 1], 25)]).toEqual(Array.from({ length: 25 }, (_, i) => i))
  })
})

describe('cacheInterval', () => {
  let outer = 0

  test('2 runs the deep part in every other evaluation: the first step is plain, the second is near it', async () => {
    const { steps, calls } = await denoise({ cacheInterval: 2 })
    expect(calls).toEqual([false, true, false, true].map((reused) => ({ ownPrompt: false, rows: 2, reused })))
    expect(relativeError(steps[0]!, plain.steps[0]!)).toBeLessThan(1e-5)
    outer = relativeError(steps[1]!, plain.steps[1]!)
    expect(outer).toBeGreaterThan(1e-3)
    expect(outer).toBeLessThan(0.5)
    expect(pipe.resolve({ ...SMALL, cacheInterval: 3 })).toMatchObject({ cacheInterval: 3, cacheDepth: 1 })
  })

  test('a loop stays cut where it was while features are kept', async () => {
    const [straight, looped] = [await denoise({ cacheInterval: 4 }), await denoise({ loop: true, cacheInterval: 4 })]
    expect(looped.steps).toEqual(straight.steps) // the first cut is at the first frame
    const twice = await denoise({ loop: true, cacheInterval: 3 }) // whole, and cut anew, at the first and the fourth step
    expect(twice.steps.slice(0, 3)).toEqual(straight.steps.slice(0, 3))
    expect(relativeError(twice.last, (await denoise({ cacheInterval: 3 })).last)).toBeGreaterThan(1e-6)
  })

  test('counts evaluations where the scheduler takes two a step', async () => {
    const { scheduler } = parts
    parts.scheduler = HeunDiscreteScheduler.fromConfig(scheduler.config)
    const { steps, calls } = await denoise({ cacheInterval: 3 })
    parts.scheduler = scheduler
    expect(steps).toHaveLength(7)
    expect(calls.map(({ reused }) => reused)).toEqual([false, true, true, false, true, true, false])
  })

  test('the more of the UNet is computed, the smaller is the error', async () => {
    const { steps } = await denoise({ cacheInterval: 2, cacheDepth: 6 })
    expect(relativeError(steps[1]!, plain.steps[1]!)).toBeLessThan(outer)
  })
})

test.each<[Partial<TextToVideoOptions>, RegExp]>([
  [{ guidanceInterval: [0, 0] }, /guidanceInterval is \[0,0\]; it must be two parts of the schedule, 0 <= start < end <= 1/],
  [{ guidanceInterval: [0.8, 0.2] }, /0 <= start < end <= 1, for example \[0.2, 0.8\]/],
  [{ guidanceInterval: [0, 1.5] }, /guidanceInterval is \[0,1.5\]/],
  [{ guidanceInterval: [Number.NaN, 1] }, /guidanceInterval is \[null,1\]/],
  [{ guidanceInterval: [0.4, 0.5, 0.6] as unknown as [number, number] }, /guidanceInterval is \[0.4,0.5,0.6\]/],
  [{ guidanceInterval: [0.2, 0.3] }, /\[0.2, 0.3\], which holds none of the 4 steps; widen it, or turn guidance off with guidanceScale 1/],
  [{ guidanceInterval: [0, 0.5], guidanceScale: 1 }, /but guidanceScale 1 turns guidance off/],
  [{ guidanceInterval: [0, 0.5], cacheInterval: 2 }, /guidanceInterval and cacheInterval do not go together/],
  [{ cacheInterval: 0 }, /cacheInterval is 0; it must be a whole number from 1, which is off, to the number of steps, 4/],
  [{ cacheInterval: 1.5 }, /cacheInterval is 1.5/],
  [{ cacheInterval: 5 }, /cacheInterval is 5/],
  [{ cacheDepth: 1 }, /cacheDepth is 1, but nothing is cached; give a cacheInterval of 2 or more/],
  [{ cacheInterval: 2, cacheDepth: 0 }, /cacheDepth is 0; it must be a whole number from 1 to 11: this UNet has 12 up layers/],
  [{ cacheInterval: 2, cacheDepth: 12 }, /cacheDepth is 12/],
])('%o is refused', (options, message) => {
  expect(() => pipe.resolve({ ...SMALL, ...options })).toThrow(ArgumentError)
  expect(() => pipe.resolve({ ...SMALL, ...options })).toThrow(message)
})
