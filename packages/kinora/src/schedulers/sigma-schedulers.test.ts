import { describe, expect, it } from 'vitest'
import { worstError } from '../../test/support/toy-denoiser.ts'
import { ArgumentError } from '../errors.ts'
import { Generator, randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { DDIMScheduler } from './ddim.ts'
import { EulerDiscreteScheduler } from './euler.ts'
import { EulerAncestralDiscreteScheduler } from './euler-ancestral.ts'
import { HeunDiscreteScheduler } from './heun.ts'
import { KDPM2DiscreteScheduler } from './kdpm2.ts'
import { KDPM2AncestralDiscreteScheduler } from './kdpm2-ancestral.ts'
import { LMSDiscreteScheduler } from './lms.ts'

type Float = Tensor<'float32'>

const PUBLISHED = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', clip_sample: false, steps_offset: 1 }
const EXACT = { EulerDiscreteScheduler, HeunDiscreteScheduler, KDPM2DiscreteScheduler, LMSDiscreteScheduler }
const ANCESTRAL = { EulerAncestralDiscreteScheduler, KDPM2AncestralDiscreteScheduler }
const CLASSES = Object.entries({ ...EXACT, ...ANCESTRAL })
const RESPACED = CLASSES.filter(([name]) => name !== 'EulerAncestralDiscreteScheduler')
const TWO_HALVES = CLASSES.filter(([, Class]) => new Class().order === 2)

const noise = (seed: number, shape = [2, 1, 2, 2]): Float => randn(shape, new Generator(seed))

describe.each(CLASSES)('%s', (_, Class) => {
  it('lands on the clean sample, whatever the way, when the model names it', () => {
    const scheduler = new Class({ ...PUBLISHED, prediction_type: 'sample' })
    for (const steps of [1, 2, 3, 10]) {
      scheduler.setTimesteps(steps)
      const generator = new Generator(5)
      const last = scheduler.timesteps.reduce((x, t) => scheduler.step(noise(7), t, x, { generator }), noise(8))
      expect(worstError(last.data, noise(7).data)).toBeLessThan(1e-5)
    }
  })

  it('gives the model variance 1, and the run first latents of its highest sigma', () => {
    const scheduler = new Class(PUBLISHED)
    expect(scheduler.initNoiseSigma).toBeCloseTo(14.614647, 5)
    scheduler.setTimesteps(4)
    expect(scheduler.initNoiseSigma).toBe(scheduler.sigmas[0])
    const input = scheduler.scaleModelInput(tensor('float32', [2], Float32Array.of(1, -3)), scheduler.timesteps[0]!)
    const deviation = Math.sqrt(scheduler.sigmas[0]! ** 2 + 1)
    expect(worstError(input.data, [1 / deviation, -3 / deviation])).toBeLessThan(1e-6)
    const leading = new Class({ ...PUBLISHED, timestep_spacing: 'leading' })
    leading.setTimesteps(4)
    expect(leading.initNoiseSigma).toBeCloseTo(Math.sqrt(leading.sigmas[0]! ** 2 + 1), 5)
  })

  it('adds noise of the level where the run begins', () => {
    const scheduler = new Class(PUBLISHED)
    scheduler.setTimesteps(6)
    const begin = 2 * scheduler.order
    const level = scheduler.sigmas[begin]!
    const noised = (timestep: number): Float =>
      scheduler.addNoise(tensor('float32', [2], Float32Array.of(1, 2)), tensor('float32', [2], Float32Array.of(1, 0)), [timestep])
    expect(noised(scheduler.timesteps[begin]!).data[0]).toBe(Math.fround(1 + level))
    scheduler.setBeginIndex(begin)
    expect([...noised(scheduler.timesteps[begin]!).data]).toEqual([Math.fround(1 + level), 2])
    const rest = scheduler.timesteps.slice(begin)
    rest.reduce((x, t) => scheduler.step(noise(1), t, x, { generator: new Generator(2) }), noise(3))
    expect(() => scheduler.step(noise(1), 0, noise(2))).toThrow(/the run is over/)
    expect(() => scheduler.setBeginIndex(scheduler.timesteps.length)).toThrow(ArgumentError)
  })

  it('refuses levels without noise or without signal, and a timestep that is not due', () => {
    expect(() => new Class({ beta_start: 0 }).setTimesteps(3)).toThrow(/sigma 0, .* beta_start/)
    expect(() => new Class({ num_train_timesteps: 3, trained_betas: [0.1, 0.1, 1] }).setTimesteps(2)).toThrow(/sigma Infinity/)
    const scheduler = new Class(PUBLISHED)
    scheduler.setTimesteps(4)
    scheduler.scaleModelInput(noise(1), scheduler.timesteps[0]!)
    expect(() => scheduler.scaleModelInput(noise(1), scheduler.timesteps.at(-1)!)).toThrow(/is due/)
  })

  it('reads and leaves the config of another class', () => {
    const ddim = new DDIMScheduler({ ...PUBLISHED, timestep_spacing: 'trailing', sigma_min: 0.1, set_alpha_to_one: false })
    const scheduler = Class.fromConfig(ddim.config)
    expect(scheduler.config).toMatchObject({ beta_schedule: 'scaled_linear', timestep_spacing: 'trailing', set_alpha_to_one: false })
    const back = DDIMScheduler.fromConfig(scheduler.config)
    expect({ ...back.config }).toEqual({ ...ddim.config })
    expect(Class.fromConfig(new DDIMScheduler(PUBLISHED).config).config.timestep_spacing).toBe('linspace')
  })
})

it.each(CLASSES.filter(([name]) => !name.startsWith('Euler')))('%s does not know rescale_betas_zero_snr', (_, Class) => {
  const scheduler = new Class({ ...PUBLISHED, rescale_betas_zero_snr: true })
  scheduler.setTimesteps(2)
  expect(scheduler.initNoiseSigma).toBeCloseTo(14.614647, 5)
  expect(new EulerDiscreteScheduler({ ...PUBLISHED, rescale_betas_zero_snr: true }).initNoiseSigma).toBeCloseTo(4096, 2)
})

describe.each(RESPACED)('%s, respaced', (name, Class) => {
  it('takes one spacing at most', () => {
    const config = { use_karras_sigmas: true, use_beta_sigmas: true }
    expect(() => new Class(config)).toThrow(/use_karras_sigmas and use_beta_sigmas exclude each other/)
  })

  it('keeps to sigma_min and sigma_max; LMS does for all but Karras', () => {
    for (const spacing of ['use_karras_sigmas', 'use_exponential_sigmas', 'use_beta_sigmas']) {
      const bounds = { sigma_min: 0.5, sigma_max: 8 }
      const scheduler = new Class({ ...PUBLISHED, ...bounds, [spacing]: true })
      scheduler.setTimesteps(5)
      const free = name === 'LMSDiscreteScheduler' && spacing === 'use_karras_sigmas'
      const levels = [...scheduler.sigmas].filter((sigma) => sigma > 0)
      expect(levels[0]).toBeCloseTo(free ? 14.6146 : 8, 4)
      expect(levels.at(-1)).toBeCloseTo(free ? 0.0292 : 0.5, 4)
      const upside = new Class({ ...PUBLISHED, sigma_min: 8, sigma_max: 0.5, [spacing]: true })
      if (!free) expect(() => upside.setTimesteps(5)).toThrow(/sigma_min must lie below sigma_max/)
    }
  })
})

describe.each(TWO_HALVES)('%s', (_, Class) => {
  it('refuses another shape in the second half of a step', () => {
    const scheduler = new Class(PUBLISHED)
    scheduler.setTimesteps(3)
    scheduler.step(noise(1), scheduler.timesteps[0]!, noise(2))
    const other = noise(1, [1, 8])
    expect(() => scheduler.step(other, scheduler.timesteps[1]!, other)).toThrow(/\[1, 8\]/)
    scheduler.setTimesteps(3)
    expect(scheduler.step(other, scheduler.timesteps[0]!, other).shape).toEqual([1, 8])
  })
})

it.each(Object.entries(ANCESTRAL))('%s asks for a generator before anything has moved', (_, Class) => {
  const scheduler = new Class(PUBLISHED)
  scheduler.setTimesteps(3)
  const generator = new Generator(1)
  const first = scheduler.timesteps.slice(0, scheduler.order - 1).reduce((x, t) => scheduler.step(noise(1), t, x), noise(2))
  const due = scheduler.timesteps[scheduler.order - 1]!
  expect(() => scheduler.step(noise(1), due, first)).toThrow(/generator/)
  expect(scheduler.step(noise(1), due, first, { generator }).data.every(Number.isFinite)).toBe(true)
})

/** Error at the end of a run for data of variance 1, for which the way of a sample is known: x grows as sqrt(1 + sigma^2). */
function flowError(scheduler: InstanceType<(typeof EXACT)[keyof typeof EXACT]>): number {
  scheduler.setTimesteps(20)
  const begin = scheduler.initNoiseSigma
  let x = tensor('float32', [1], Float32Array.of(Math.sqrt(1 + begin ** 2)))
  for (const t of scheduler.timesteps) {
    // The model's input has variance 1, so the best prediction of the clean sample is input / sqrt(1 + sigma^2) = x / (1 + sigma^2).
    const input = scheduler.scaleModelInput(x, t)
    const clean = input.data[0]! ** 2 / x.data[0]!
    x = scheduler.step(tensor('float32', [1], Float32Array.of(clean)), t, x)
  }
  return Math.abs(x.data[0]! - 1)
}

it('follows the exact flow, the methods of higher order closer than Euler', () => {
  const config = { ...PUBLISHED, prediction_type: 'sample', use_karras_sigmas: true }
  const euler = flowError(new EulerDiscreteScheduler(config))
  expect(euler).toBeLessThan(0.2)
  for (const Class of [HeunDiscreteScheduler, KDPM2DiscreteScheduler, LMSDiscreteScheduler])
    expect(flowError(new Class(config))).toBeLessThan(euler / 4)
})

describe('options of one class', () => {
  it('Euler counts continuous timesteps in a quarter of log sigma, with v_prediction', () => {
    const euler = new EulerDiscreteScheduler({ ...PUBLISHED, timestep_type: 'continuous', prediction_type: 'v_prediction' })
    euler.setTimesteps(3)
    expect(
      worstError(
        euler.timesteps,
        [...euler.sigmas.subarray(0, 3)].map((sigma) => Math.log(sigma) / 4),
      ),
    ).toBeLessThan(1e-6)
    const discrete = new EulerDiscreteScheduler({ ...PUBLISHED, timestep_type: 'continuous' })
    discrete.setTimesteps(3)
    expect(discrete.timesteps).toEqual([999, 499.5, 0])
  })

  it('Euler takes original_sample for sample', () => {
    expect(new EulerDiscreteScheduler({ prediction_type: 'original_sample' }).config.prediction_type).toBe('sample')
  })

  it('Heun clips the clean sample', () => {
    const heun = new HeunDiscreteScheduler({ ...PUBLISHED, prediction_type: 'sample', clip_sample: true, clip_sample_range: 0.5 })
    heun.setTimesteps(1)
    const output = tensor('float32', [2], Float32Array.of(3, -0.25))
    const last = heun.step(output, heun.timesteps[0]!, tensor('float32', [2]))
    expect(worstError(last.data, [0.5, -0.25])).toBeLessThan(1e-6)
    expect([...output.data]).toEqual([3, -0.25])
  })

  it('LMS refuses a sigma that comes twice', () => {
    const lms = new LMSDiscreteScheduler({ ...PUBLISHED, timestep_spacing: 'leading', steps_offset: 100 })
    expect(() => lms.setTimesteps(1000)).toThrow(/one sigma twice/)
  })

  it('KDPM2 ancestral refuses a step that leaves nothing to stand on', () => {
    const scheduler = new KDPM2AncestralDiscreteScheduler({ beta_schedule: 'squaredcos_cap_v2' })
    expect(() => scheduler.setTimesteps(2)).toThrow(/too long/)
    expect(scheduler.timesteps).toEqual([])
  })
})
