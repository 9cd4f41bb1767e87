// Which measures are chosen at which limit, and that they change nothing but memory: on a small real
// checkpoint, whose plans differ by little but exactly known numbers of bytes.

import { afterAll, describe, expect, test } from 'vitest'
import { relativeError } from '../../test/support/compare.ts'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import type { LoadOptions } from './load.ts'
import { loadParts } from './load.ts'
import type { MemoryEstimate, MemoryLevers } from './memory.ts'
import { memoryEstimator, NO_LEVERS } from './memory.ts'
import { parseBytes, planMemory, SPARE } from './memory-plan.ts'
import type { Settings } from './settings.ts'
import { TextToVideoPipeline } from './text-to-video.ts'

const GIB = 2 ** 30
/** For an estimate of 1 GiB. */
const ROOM = GIB * SPARE

const SETTINGS: Settings = {
  prompt: ['a cat'],
  negativePrompt: [''],
  height: 256,
  width: 256,
  numFrames: 64,
  numInferenceSteps: 25,
  guidanceScale: 9,
  eta: 0,
  seed: 1,
  scheduler: 'DDIMScheduler',
  clipSkip: 0,
}

/** A model of 5 GiB of weights; denoising takes 4 GiB, decoding 2 GiB. */
function estimate(_: Settings, { halves, parts, arena, tiles }: MemoryLevers): MemoryEstimate {
  const unet = 5 / parts + (4 / (halves ? 2 : 1)) * (arena ? 1.2 : 1)
  const total = Math.max(unet, tiles ? 1 : 2) * GIB
  return { weights: 5 * GIB, activations: total - 5 * GIB, frames: 0, total }
}

describe('planMemory', () => {
  test.each([
    [12, {}, { halves: false, parts: 1, arena: true, tiles: false }],
    [9.5, {}, { halves: true, parts: 1, arena: true, tiles: false }],
    [7.1, {}, { halves: true, parts: 1, arena: false, tiles: false }],
    [5, {}, { halves: false, parts: 6, arena: false, tiles: false }],
    [3, {}, { halves: true, parts: 6, arena: false, tiles: false }],
    [2.3, {}, { halves: true, parts: 20, arena: false, tiles: false }],
    [7.1, { guidanceScale: 1 }, { halves: false, parts: 6, arena: false, tiles: false }],
    [9.1, { guidanceInterval: [0.2, 0.8] as const }, { halves: false, parts: 1, arena: false, tiles: false }],
    [9.1, { cacheInterval: 2, cacheDepth: 1 }, { halves: false, parts: 1, arena: false, tiles: false }],
    [12, { vaeTiling: true as const }, { halves: false, parts: 1, arena: true, tiles: true }],
  ])('%d GiB, %j', (gib, changes, levers) => {
    const plan = planMemory({ ...SETTINGS, ...changes }, estimate, { limit: gib * ROOM })
    expect(plan).toMatchObject({ ...levers, tooLarge: false })
    expect(plan.estimate.total).toBeLessThanOrEqual(gib * GIB)
    expect(plan.measures).toHaveLength([levers.halves, levers.parts > 1, !levers.arena].filter(Boolean).length)
  })

  test('tiles are the last resort, and said to change pixels', () => {
    const small = (settings: Settings, levers: MemoryLevers) => {
      const total = Math.max(estimate(settings, levers).total, levers.tiles ? 0 : 6 * GIB)
      return { weights: 0, activations: total, frames: 0, total }
    }
    const plan = planMemory(SETTINGS, small, { limit: 5 * ROOM })
    expect(plan.tiles).toBe(true)
    expect(plan.measures.at(-1)).toMatch(/tiles.*pixels/)
  })

  test('a limit that cannot be kept names the least possible and what helps', () => {
    const act = () => planMemory(SETTINGS, estimate, { limit: 2 * GIB, available: 20 * GIB })
    expect(act).toThrow(ArgumentError)
    expect(act).toThrow('at least 2.5 GiB, the memory limit is 2.0 GiB; fewer frames or a smaller size or precision int8 take less')
  })

  test('without a limit, what is free decides, and the leanest plan is taken where none fits', () => {
    expect(planMemory(SETTINGS, estimate, { available: 12 * ROOM })).toMatchObject({ halves: false, tooLarge: false, measures: [] })
    expect(planMemory(SETTINGS, estimate, { available: 8 * ROOM })).toMatchObject({ halves: true, tooLarge: false })
    expect(planMemory(SETTINGS, estimate, { available: GIB })).toMatchObject({ halves: true, parts: 20, tooLarge: true })
    expect(planMemory(SETTINGS, estimate, {})).toMatchObject({ halves: false, parts: 1, tooLarge: false })
  })
})

describe('parseBytes', () => {
  test.each([
    ['8GiB', 8 * GIB],
    ['8 gib', 8 * GIB],
    ['1.5GB', 1.5e9],
    ['500MB', 5e8],
    ['4096', 4096],
    [4096, 4096],
  ])('%s', (text, bytes) => {
    expect(parseBytes('memoryLimit', text)).toBe(bytes)
  })

  test.each(['', 'much', '-1GiB', '0', '8 apples', '1e3', Number.NaN, Number.POSITIVE_INFINITY, 1e30])('refuses %s', (value) => {
    expect(() => parseBytes('memoryLimit', value)).toThrow(/memoryLimit is .*8GiB/)
  })
})

describe('with a limit', () => {
  const options = { prompt: 'a cat', numFrames: 96, numInferenceSteps: 1, seed: 1 } as const
  const checkpoint = fixture('checkpoints/ms')
  const pipelines: TextToVideoPipeline[] = []
  const open = async (changes: LoadOptions) => {
    const pipe = await TextToVideoPipeline.fromPretrained(checkpoint, { offload: true, ...changes })
    pipelines.push(pipe)
    return pipe
  }
  afterAll(() => Promise.all(pipelines.map((pipe) => pipe.dispose())))

  test('the leanest generation is the plain one to rounding', async () => {
    const plain = await open({})
    const settings = plain.resolve(options)
    const { files } = await loadParts(checkpoint, {}, 'text-to-video')
    const ofFiles = memoryEstimator(files, true)
    const plans = [plain.planMemory(settings)]
    expect(plans[0]).toMatchObject({ measures: [], estimate: ofFiles(settings, NO_LEVERS) })
    const leaner = (limit: number) => planMemory(settings, ofFiles, { limit: limit * SPARE })
    const act = () => {
      for (;;) plans.push(leaner(plans.at(-1)!.estimate.total - 1))
    }
    expect(act).toThrow(/at least/)
    const { estimate: bytes, ...levers } = plans.at(-1)!
    expect(levers).toMatchObject({ halves: true, arena: false, tiles: false })
    expect(levers.parts).toBeGreaterThan(1)
    const lean = await open({ memoryLimit: Math.ceil(bytes.total * SPARE) })
    expect(lean.planMemory(settings)).toEqual(plans.at(-1))
    const [expected, actual] = [await plain.generate(options), await lean.generate(options)]
    expect(relativeError(actual.latents, expected.latents)).toBeLessThan(1e-5)
    expect(relativeError(actual.frames, expected.frames)).toBeLessThan(1e-5)
  })

  test('an impossible one is refused before anything is loaded', async () => {
    const lean = await open({ memoryLimit: '1MiB' })
    await expect(lean.generate(options)).rejects.toThrow(/at least 0\.\d GiB, the memory limit is 0\.0 GiB/)
    expect(lean.enginePid).toBeUndefined()
    await expect(open({ memoryLimit: -1 })).rejects.toThrow(ArgumentError)
  })
})
