import { expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { Generator, randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { LCMScheduler } from './lcm.ts'

const noise = (seed: number): Tensor<'float32'> => randn([2, 3, 4], new Generator(seed))

function run(scheduler: LCMScheduler, generator?: Generator, skip = 0): Tensor<'float32'> {
  return scheduler.timesteps.slice(skip).reduce((x, t) => scheduler.step(noise(t), t, x, generator && { generator }), noise(0))
}

it('draws noise after every step but the last', () => {
  const scheduler = new LCMScheduler()
  const [used, counted] = [new Generator(9), new Generator(9)]
  scheduler.setTimesteps(4)
  run(scheduler, used)
  for (let i = 0; i < 3; i++) randn([24], counted)
  expect(randn([24], used)).toEqual(randn([24], counted))
  scheduler.setTimesteps(4)
  scheduler.setBeginIndex(3)
  expect(() => run(scheduler, undefined, 3)).not.toThrow()
  scheduler.setTimesteps(1)
  expect(() => run(scheduler)).not.toThrow()
})

it('walks the steps of the distillation', () => {
  const scheduler = new LCMScheduler({ original_inference_steps: 8 })
  scheduler.setTimesteps(8)
  expect(scheduler.timesteps).toEqual([999, 874, 749, 624, 499, 374, 249, 124])
  scheduler.setTimesteps(3)
  expect(scheduler.timesteps).toEqual([999, 749, 374])
})

it('a timestep_scaling of 0 gives the sample back, a large one the prediction', () => {
  const step = (timestep_scaling: number): Tensor<'float32'> => {
    const scheduler = new LCMScheduler({ timestep_scaling, prediction_type: 'sample' })
    scheduler.setTimesteps(1)
    return scheduler.step(noise(1), 999, noise(2))
  }
  expect(step(0)).toEqual(noise(2))
  expect(step(1e6)).toEqual(noise(1))
})

it('refuses more steps than the distillation had, and a longer distillation than training', () => {
  const scheduler = new LCMScheduler()
  scheduler.setTimesteps(2)
  expect(() => scheduler.setTimesteps(51)).toThrow(/at most original_inference_steps, 50/)
  expect(scheduler.timesteps).toEqual([999, 499])
  expect(() => new LCMScheduler({ num_train_timesteps: 40 })).toThrow(
    /original_inference_steps = 50 must be at most num_train_timesteps, 40/,
  )
})

it('refuses a timestep that is not due, noise without a generator and a beginning without signal', () => {
  const scheduler = new LCMScheduler()
  expect(() => scheduler.step(noise(1), 999, noise(2))).toThrow(/setTimesteps/)
  scheduler.setTimesteps(4)
  expect(() => scheduler.step(noise(1), 999, noise(2))).toThrow(/LCMScheduler draws noise.*generator/)
  expect(() => scheduler.step(noise(1), 499, noise(2), { generator: new Generator(1) })).toThrow(/timestep 999 is due/)
  expect(() => scheduler.setBeginIndex(4)).toThrow(ArgumentError)
  run(scheduler, new Generator(1))
  expect(() => scheduler.step(noise(1), 259, noise(2))).toThrow(/the run is over/)
  expect(() => new LCMScheduler({ rescale_betas_zero_snr: true }).setTimesteps(4)).toThrow(/no signal/)
})
