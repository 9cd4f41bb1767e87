import { describe, expect, it } from 'vitest'
import { ArgumentError, UnsupportedConfigError } from '../errors.ts'
import { Generator, randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { DDIMScheduler } from './ddim.ts'
import { DDPMScheduler } from './ddpm.ts'

const noise = (seed: number): Tensor<'float32'> => randn([2, 3, 4], new Generator(seed))

function run(config: Record<string, unknown>, generator: Generator): Tensor<'float32'> {
  const scheduler = new DDPMScheduler({ clip_sample: false, ...config })
  scheduler.setTimesteps(5)
  return scheduler.timesteps.reduce((x, t) => scheduler.step(noise(t), t, x, { generator }), noise(0))
}

it.each([
  { config: { timestep_spacing: 'leading' }, last: 0, draws: 4 },
  { config: { timestep_spacing: 'leading', steps_offset: 1 }, last: 1, draws: 5 },
])('a run down to timestep $last draws noise $draws times', ({ config, last, draws }) => {
  const scheduler = new DDPMScheduler(config)
  scheduler.setTimesteps(5)
  expect(scheduler.timesteps.at(-1)).toBe(last)
  const [used, counted] = [new Generator(9), new Generator(9)]
  run(config, used)
  for (let i = 0; i < draws; i++) randn([2, 3, 4], counted)
  expect(randn([24], used)).toEqual(randn([24], counted))
})

it('fixed_large_log is fixed_large, taken through its logarithm', () => {
  const [large, log] = ['fixed_large', 'fixed_large_log'].map((variance_type) => run({ variance_type }, new Generator(1)).data)
  log!.forEach((value, i) => {
    expect(value).toBeCloseTo(large![i]!, 5)
  })
  expect(log).not.toEqual(run({ variance_type: 'fixed_small' }, new Generator(1)).data)
})

describe('is refused', () => {
  it.each(['learned', 'learned_range'])('variance_type %s', (variance_type) => {
    expect(() => new DDPMScheduler({ variance_type })).toThrow(UnsupportedConfigError)
    expect(() => new DDPMScheduler({ variance_type })).toThrow(/variance_type = "learned/)
  })

  it.each([
    ['variance_type', 'small'],
    ['beta_schedule', 'exp'],
    ['clip_sample_range', -1],
    ['prediction_type', 'flow_prediction'],
  ])('%s = %s', (key, value) => {
    expect(() => new DDPMScheduler({ [key]: value })).toThrow(ArgumentError)
    expect(() => new DDPMScheduler({ [key]: value })).toThrow(key)
  })

  it('a timestep that is not of the run, and noise without a generator', () => {
    const scheduler = new DDPMScheduler()
    expect(() => scheduler.step(noise(1), 999, noise(2))).toThrow(/setTimesteps/)
    scheduler.setTimesteps(5)
    expect(() => scheduler.step(noise(1), 500, noise(2))).toThrow(/500 is not one of the run's: 800, 600, 400, 200, 0/)
    expect(() => scheduler.step(noise(1), 600, noise(2))).toThrow(/generator/)
    expect(() => scheduler.step(noise(1), 0, noise(2))).not.toThrow()
  })

  it('a beginning without signal', () => {
    const scheduler = new DDPMScheduler({ rescale_betas_zero_snr: true, timestep_spacing: 'trailing' })
    expect(() => scheduler.setTimesteps(5)).toThrow(/no signal/)
  })
})

it('knows noise schedules that DDIM does not', () => {
  for (const beta_schedule of ['sigmoid', 'laplace']) {
    expect(() => new DDPMScheduler({ beta_schedule })).not.toThrow()
    expect(() => new DDIMScheduler({ beta_schedule })).toThrow(/beta_schedule/)
  }
})
