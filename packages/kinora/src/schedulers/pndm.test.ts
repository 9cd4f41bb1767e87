import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { Generator, randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { PNDMScheduler } from './pndm.ts'

const noise = (seed: number, shape = [2, 3, 4]): Tensor<'float32'> => randn(shape, new Generator(seed))

function run(scheduler: PNDMScheduler, evaluations?: number): Tensor<'float32'> {
  return scheduler.timesteps.slice(0, evaluations).reduce((x, t) => scheduler.step(noise(t), t, x), noise(0))
}

describe('timesteps', () => {
  it.each([
    { steps: 1, expected: [0] },
    { steps: 2, expected: [500, 0, 0] },
    { steps: 5, expected: [800, 600, 600, 400, 200, 0] },
  ])('of $steps steps without Runge-Kutta', ({ steps, expected }) => {
    const scheduler = new PNDMScheduler({ skip_prk_steps: true })
    scheduler.setTimesteps(steps)
    expect(scheduler.timesteps).toEqual(expected)
    expect(run(scheduler).data.every(Number.isFinite)).toBe(true)
  })

  it('of a run that Runge-Kutta starts', () => {
    const scheduler = new PNDMScheduler()
    scheduler.setTimesteps(5)
    expect(scheduler.timesteps).toEqual([800, 700, 700, 600, 600, 500, 500, 400, 400, 300, 300, 200, 200, 0])
  })

  it.each(['linspace', 'leading', 'trailing'])('%s never leads beyond training', (timestep_spacing) => {
    for (const skip_prk_steps of [true, false]) {
      const scheduler = new PNDMScheduler({ timestep_spacing, skip_prk_steps })
      for (let steps = 4; steps <= 1000; steps += 12) {
        scheduler.setTimesteps(steps)
        expect(scheduler.timesteps).toHaveLength(skip_prk_steps ? steps + 1 : steps + 9)
        expect(() => run(scheduler, 13)).not.toThrow()
      }
    }
  })
})

describe('is refused', () => {
  it.each([1, 2, 3])('%s steps while Runge-Kutta steps need four', (steps) => {
    expect(() => new PNDMScheduler().setTimesteps(steps)).toThrow(/at least 4 while skip_prk_steps is false/)
  })

  it('prediction_type sample, which has no formula', () => {
    expect(() => new PNDMScheduler({ prediction_type: 'sample' })).toThrow(
      /prediction_type = "sample" must be one of epsilon, v_prediction/,
    )
  })

  it('a step too many, and one of another size', () => {
    const scheduler = new PNDMScheduler({ skip_prk_steps: true })
    expect(() => scheduler.step(noise(1), 999, noise(2))).toThrow(/setTimesteps/)
    scheduler.setTimesteps(3)
    scheduler.step(noise(1), 666, noise(2))
    expect(() => scheduler.step(noise(1, [5]), 333, noise(2, [5]))).toThrow(/got 5 values in a run of 24/)
    scheduler.setTimesteps(3)
    run(scheduler)
    expect(() => scheduler.step(noise(1), 0, noise(2))).toThrow(/the run is over/)
  })
})

it('a timestep out of range leaves the run as it was', () => {
  const [disturbed, calm] = [new PNDMScheduler(), new PNDMScheduler()]
  for (const scheduler of [disturbed, calm]) {
    scheduler.setTimesteps(6)
    run(scheduler, 7)
  }
  expect(() => disturbed.step(noise(1), 1000, noise(2))).toThrow(ArgumentError)
  const t = calm.timesteps[7]!
  expect(disturbed.step(noise(1), t, noise(2))).toEqual(calm.step(noise(1), t, noise(2)))
})

it.each([true, false])('setTimesteps forgets an abandoned run (skip_prk_steps %s)', (skip_prk_steps) => {
  const [used, fresh] = [new PNDMScheduler({ skip_prk_steps }), new PNDMScheduler({ skip_prk_steps })]
  used.setTimesteps(20)
  run(used, 15)
  for (const scheduler of [used, fresh]) scheduler.setTimesteps(6)
  expect(run(used)).toEqual(run(fresh))
})
