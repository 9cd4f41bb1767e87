// The solvers in half log-SNR beside the recordings: what they refuse, what a run leaves behind, and that
// they converge to the exact solution of a differential equation that has one.

import { describe, expect, it } from 'vitest'
import { ArgumentError, UnsupportedConfigError } from '../errors.ts'
import { Generator, randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { DEISMultistepScheduler } from './deis.ts'
import { DPMSolverMultistepScheduler } from './dpm-solver-multistep.ts'
import { DPMSolverSinglestepScheduler } from './dpm-solver-singlestep.ts'
import { UniPCMultistepScheduler } from './unipc.ts'

const CLASSES = { DEISMultistepScheduler, DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler, UniPCMultistepScheduler }
type Solver = InstanceType<(typeof CLASSES)[keyof typeof CLASSES]>

const noise = (seed: number, shape = [2, 3, 4]): Tensor<'float32'> => randn(shape, new Generator(seed))
const SDE = { algorithm_type: 'sde-dpmsolver++' }

function run(scheduler: Solver, steps?: number, generator?: Generator): Tensor<'float32'> {
  const options = generator && { generator }
  return scheduler.timesteps.slice(0, steps).reduce((x, t) => scheduler.step(noise(t), t, x, options), noise(0))
}

describe.each(Object.entries(CLASSES))('%s', (_, Class) => {
  it('forgets an abandoned run', () => {
    const [used, fresh] = [new Class({ solver_order: 3 }), new Class({ solver_order: 3 })]
    used.setTimesteps(20)
    run(used, 8)
    for (const scheduler of [used, fresh]) scheduler.setTimesteps(7)
    expect(run(used)).toEqual(run(fresh))
  })

  it('refuses a step that is not due, too many or of another size', () => {
    const scheduler = new Class()
    expect(() => scheduler.step(noise(1), 999, noise(2))).toThrow(/setTimesteps/)
    scheduler.setTimesteps(4)
    scheduler.step(noise(1), 999, noise(2))
    expect(() => scheduler.step(noise(1), 500, noise(2))).toThrow(/timestep 749 is due/)
    expect(() => scheduler.step(noise(1, [5]), 749, noise(2, [5]))).toThrow(/got 5 values in a run of 24/)
    scheduler.setTimesteps(4)
    run(scheduler)
    expect(() => scheduler.step(noise(1), 250, noise(2))).toThrow(/the run is over/)
    expect(() => scheduler.setBeginIndex(4)).toThrow(ArgumentError)
  })

  it.each([
    ['solver_order', 0],
    ['solver_order', 4],
    ['solver_type', 'euler'],
    ['use_karras_sigmas', 'yes'],
    ['prediction_type', 'flow_prediction'],
    ['sigma_min', 0],
  ])('%s = %s is refused by name', (key, value) => {
    expect(() => new Class({ [key]: value })).toThrow(ArgumentError)
    expect(() => new Class({ [key]: value })).toThrow(key)
  })

  it.each(['use_flow_sigmas', 'use_dynamic_shifting'])('%s is not built', (key) => {
    expect(() => new Class({ [key]: true })).toThrow(UnsupportedConfigError)
  })

  it('takes one way to space sigmas, between ends in order', () => {
    expect(() => new Class({ use_karras_sigmas: true, use_beta_sigmas: true })).toThrow(/use_karras_sigmas and use_beta_sigmas/)
    const crossed = new Class({ use_karras_sigmas: true, sigma_min: 200 })
    expect(() => crossed.setTimesteps(5)).toThrow(/sigma_min must lie below sigma_max/)
  })

  it('says what is wrong with a schedule that has no noise', () => {
    const flat = new Class({ trained_betas: [0, 0, 0], num_train_timesteps: 3 })
    expect(() => flat.setTimesteps(2)).toThrow(/sigma 0.*trained_betas/)
  })
})

it('leaves out the noisiest timesteps at any number of steps', () => {
  for (const timestep_spacing of ['linspace', 'leading', 'trailing']) {
    const scheduler = new DPMSolverMultistepScheduler({ beta_schedule: 'squaredcos_cap_v2', lambda_min_clipped: -5.1, timestep_spacing })
    for (let steps = 1; steps < 400; steps++) {
      scheduler.setTimesteps(steps)
      expect(Math.max(...scheduler.timesteps)).toBeLessThan(997)
      expect(Math.min(...scheduler.timesteps)).toBeGreaterThanOrEqual(0)
    }
  }
})

describe.each([DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler])('%o as an SDE', (Class) => {
  it('is not disturbed by a step that lacked its generator', () => {
    const [disturbed, calm] = [new Class(SDE), new Class(SDE)]
    for (const scheduler of [disturbed, calm]) scheduler.setTimesteps(5)
    expect(() => disturbed.step(noise(1), 999, noise(2))).toThrow(/algorithm_type sde-dpmsolver\+\+ draws noise/)
    expect(run(disturbed, 5, new Generator(3))).toEqual(run(calm, 5, new Generator(3)))
  })

  it('draws once a step, at the last one too', () => {
    const scheduler = new Class(SDE)
    scheduler.setTimesteps(5)
    const [used, counted] = [new Generator(9), new Generator(9)]
    run(scheduler, 5, used)
    for (let i = 0; i < 5; i++) randn([24], counted)
    expect(randn([24], used)).toEqual(randn([24], counted))
  })
})

describe('configs of other classes', () => {
  it('fixed variances of DDPM mean nothing to DPM-Solver, learned ones are refused', () => {
    for (const Class of [DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler]) {
      expect(() => new Class({ variance_type: 'fixed_small' })).not.toThrow()
      expect(() => new Class({ variance_type: 'learned_range' })).toThrow(UnsupportedConfigError)
      expect(() => new Class({ variance_type: 'small' })).toThrow(/variance_type/)
    }
  })

  it('names of sibling algorithms stand for the own ones', () => {
    expect(new DEISMultistepScheduler({ algorithm_type: 'dpmsolver++', solver_type: 'heun' }).config).toMatchObject({
      algorithm_type: 'deis',
      solver_type: 'logrho',
    })
    expect(new DPMSolverSinglestepScheduler({ algorithm_type: 'deis', solver_type: 'bh2' }).config).toMatchObject({
      algorithm_type: 'dpmsolver++',
      solver_type: 'midpoint',
    })
    expect(new UniPCMultistepScheduler({ solver_type: 'midpoint' }).config.solver_type).toBe('bh2')
    expect(() => new DEISMultistepScheduler(SDE)).toThrow(/algorithm_type/)
    expect(() => new DPMSolverSinglestepScheduler({ algorithm_type: 'sde-dpmsolver' })).toThrow(/algorithm_type/)
  })

  it('keys that a class does not know change nothing', () => {
    const foreign = { rescale_betas_zero_snr: true, timestep_spacing: 'trailing', use_lu_lambdas: true, euler_at_final: true }
    const [plain, other] = [new DPMSolverSinglestepScheduler(), new DPMSolverSinglestepScheduler(foreign)]
    for (const scheduler of [plain, other]) scheduler.setTimesteps(6)
    expect(other.timesteps).toEqual(plain.timesteps)
    expect(other.sigmas).toEqual(plain.sigmas)
  })
})

describe('UniPC', () => {
  it.each([
    [{ solver_p: { _class_name: 'DDIMScheduler' } }, /solver_p/],
    [{ shift_terminal: 0.1 }, /shift_terminal/],
    [{ disable_corrector: 3 }, /disable_corrector must be a list/],
    [{ disable_corrector: [0.5] }, /disable_corrector must be a list/],
    [{ predict_x0: false }, /predict_x0.*final_sigmas_type/],
    [{ lower_order_final: false }, /lower_order_final.*final_sigmas_type/],
  ])('refuses %o', (config, message) => {
    expect(() => new UniPCMultistepScheduler(config)).toThrow(message)
  })

  it('reaches sigma 0 with bh1, where the reference multiplies infinity by zero', () => {
    const [bh1, bh2] = ['bh1', 'bh2'].map((solver_type) => new UniPCMultistepScheduler({ solver_type, solver_order: 1 }))
    for (const scheduler of [bh1!, bh2!]) scheduler.setTimesteps(1)
    expect(run(bh1!)).toEqual(run(bh2!))
  })
})

describe('where the data are one normal distribution', () => {
  const deviation = 0.5

  /** The best noise prediction for it: sample / alpha has the variance deviation^2 + sigma^2. */
  function predict(x: Tensor<'float32'>, sigma: number): Tensor<'float32'> {
    const factor = (Math.sqrt(sigma ** 2 + 1) * sigma) / (deviation ** 2 + sigma ** 2)
    return tensor(
      'float32',
      x.shape,
      x.data.map((value) => value * factor),
    )
  }

  /** Relative error of a run from 1 against the solution, which stays in proportion to the deviation of the noised data. */
  function errorOf(scheduler: Solver, steps: number): number {
    scheduler.setTimesteps(steps)
    const { sigmas, timesteps } = scheduler
    let x = tensor('float32', [1], Float32Array.of(1))
    for (const [i, t] of timesteps.entries()) x = scheduler.step(predict(x, sigmas[i]!), t, x)
    const [from, to] = [sigmas[0]!, sigmas.at(-1)!].map((sigma) => Math.sqrt((deviation ** 2 + sigma ** 2) / (sigma ** 2 + 1)))
    return Math.abs((x.data[0]! * from!) / to! - 1)
  }

  const config = {
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    use_exponential_sigmas: true,
    final_sigmas_type: 'sigma_min',
    lower_order_final: false,
  }
  const variants = Object.entries(CLASSES).flatMap(([name, Class]) =>
    ['midpoint', 'heun'].map((solver_type) => ({
      name,
      solver_type,
      error: (solver_order: number, steps: number) => errorOf(new Class({ ...config, solver_type, solver_order }), steps),
    })),
  )

  it.each(variants)('$name with $solver_type: twice the steps halve the error of order 1 and quarter that of order 2', ({ error }) => {
    expect(error(1, 60)).toBeLessThan(0.55 * error(1, 30))
    expect(error(2, 60)).toBeLessThan(0.3 * error(2, 30))
    expect(error(2, 30)).toBeLessThan(0.3 * error(1, 30))
    expect(error(3, 30)).toBeLessThan(0.5 * error(2, 30))
  })
})
