// DEIS: an exponential integrator over the noise prediction, multistep of order 1 to 3 with polynomials in
// log(rho). Zhang and Chen 2022, "Fast Sampling of Diffusion Models with Exponential Integrator"; options and
// order of operations follow diffusers' scheduling_deis_multistep.py, the formulas are in deis-update.ts.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { BETA_FIELDS, plainAlphasCumprod } from './beta.ts'
import { flag, integer, oneOf, resolveConfig, type Values } from './config.ts'
import { applyDeis, deisCoefficients } from './deis-update.ts'
import { applyUpdate, updateCoefficients } from './dpm-solver-update.ts'
import { checkSameShape } from './noising.ts'
import type { SchedulerConfig } from './scheduler.ts'
import { convertToOriginal, noiseBeside } from './solver-convert.ts'
import { type Schedule, solverSchedule } from './solver-schedule.ts'
import { SOLVER_FIELDS, SolverScheduler } from './solver-scheduler.ts'
import { spacingField } from './spacing.ts'

const FIELDS = {
  ...BETA_FIELDS,
  ...SOLVER_FIELDS,
  algorithm_type: oneOf(['deis'], 'deis', { dpmsolver: 'deis', 'dpmsolver++': 'deis' }),
  solver_type: oneOf(['logrho'], 'logrho', { midpoint: 'logrho', heun: 'logrho', bh1: 'logrho', bh2: 'logrho' }),
  lower_order_final: flag(true),
  timestep_spacing: spacingField('linspace'),
  steps_offset: integer(0, 0, 100_000),
}

export class DEISMultistepScheduler extends SolverScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  readonly className = 'DEISMultistepScheduler'

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key, UnsupportedConfigError for one that is not built. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('DEISMultistepScheduler', FIELDS, config)
    super(resolved, plainAlphasCumprod(resolved))
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): DEISMultistepScheduler {
    return new DEISMultistepScheduler(config)
  }

  /** rho 0 has no logarithm, so every run ends at the lowest sigma above it. */
  protected plan(steps: number): Schedule {
    return solverSchedule(this.config, this.training, steps, 'sigma_min')
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const level = this.sigmas[index]!
    // By way of the clean sample for every prediction type, as the reference does.
    this.remember(noiseBeside(convertToOriginal(this.config, level, modelOutput.data, sample), level, sample.data))
    const noises = this.outputs.slice(-this.#orderAt(index))
    const out =
      noises.length === 1
        ? applyUpdate(updateCoefficients('dpmsolver', 'midpoint', 1, this.sigmas, index), sample.data, noises)
        : applyDeis(deisCoefficients(noises.length, this.sigmas, index), sample.data, noises)
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }

  /** The last two steps of a short run use a lower order. */
  #orderAt(index: number): number {
    const { solver_order: order, lower_order_final: lowerFinal } = this.config
    const left = this.timesteps.length - index
    return lowerFinal && this.timesteps.length < 15 ? Math.min(order, left) : order
  }
}
