// DPM-Solver and DPM-Solver++ in multistep form: order 1 to 3, deterministic or as an SDE; the usual choice
// for 20 to 25 steps. Options, schedule and order of operations follow diffusers'
// scheduling_dpmsolver_multistep.py; the update formulas are in dpm-solver-update.ts.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { positiveAlphasCumprod } from './beta.ts'
import { resolveConfig } from './config.ts'
import { checkSolver, DPM_MULTISTEP_FIELDS, type DPMMultistepConfig } from './dpm-solver-config.ts'
import { multistepSchedule } from './dpm-solver-schedule.ts'
import { applyUpdate, updateCoefficients } from './dpm-solver-update.ts'
import { addFreshNoise, checkGenerator, checkSameShape } from './noising.ts'
import type { SchedulerConfig, StepOptions } from './scheduler.ts'
import { convertToNoise, convertToOriginal } from './solver-convert.ts'
import type { Schedule } from './solver-schedule.ts'
import { SolverScheduler } from './solver-scheduler.ts'

export class DPMSolverMultistepScheduler extends SolverScheduler<DPMMultistepConfig & SchedulerConfig> {
  readonly className = 'DPMSolverMultistepScheduler'

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key, UnsupportedConfigError for one that is not built. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('DPMSolverMultistepScheduler', DPM_MULTISTEP_FIELDS, config)
    super(resolved, positiveAlphasCumprod(resolved))
    checkSolver(resolved)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): DPMSolverMultistepScheduler {
    return new DPMSolverMultistepScheduler(config)
  }

  protected plan(steps: number): Schedule {
    return multistepSchedule(this.config, this.alphas, this.training, steps)
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const { algorithm_type: algorithm, solver_type: solver } = this.config
    const index = this.index.at(timestep)
    const isRandom = algorithm.startsWith('sde-')
    if (isRandom) checkGenerator(options.generator, `algorithm_type ${algorithm}`)
    const convert = algorithm.endsWith('++') ? convertToOriginal : convertToNoise
    this.remember(convert(this.config, this.sigmas[index]!, modelOutput.data, sample))
    const outputs = this.outputs.slice(-this.#orderAt(index))
    const update = updateCoefficients(algorithm, solver, outputs.length, this.sigmas, index)
    const out = applyUpdate(update, sample.data, outputs)
    if (isRandom) addFreshNoise(out, update.noise, options.generator, `algorithm_type ${algorithm}`)
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }

  /** The last steps of a short run, and the step to sigma 0, use a lower order because a higher one is unstable there. */
  #orderAt(index: number): number {
    const { solver_order: order, lower_order_final: lowerFinal, euler_at_final: euler, final_sigmas_type: final } = this.config
    const left = this.timesteps.length - index
    const short = lowerFinal && this.timesteps.length < 15
    if (left === 1 && (euler || short || final === 'zero')) return 1
    return left === 2 && short ? Math.min(order, 2) : order
  }
}
