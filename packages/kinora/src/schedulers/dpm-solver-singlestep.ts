// DPM-Solver and DPM-Solver++ in singlestep form: cycles of 1, 2 or 3 evaluations, each of which leads from
// the cycle's first sample to the next timestep with one order more. Options, schedule and order of operations
// follow diffusers' scheduling_dpmsolver_singlestep.py; the formulas are in dpm-solver-singlestep-update.ts.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { plainAlphasCumprod } from './beta.ts'
import { resolveConfig } from './config.ts'
import { checkSolver, DPM_SINGLESTEP_FIELDS, type DPMSinglestepConfig } from './dpm-solver-config.ts'
import { singlestepSchedule } from './dpm-solver-schedule.ts'
import { applySinglestep, singlestepCoefficients } from './dpm-solver-singlestep-update.ts'
import { addFreshNoise, checkGenerator, checkSameShape } from './noising.ts'
import type { SchedulerConfig, StepOptions } from './scheduler.ts'
import { convertToNoise, convertToOriginal } from './solver-convert.ts'
import type { Schedule } from './solver-schedule.ts'
import { SolverScheduler } from './solver-scheduler.ts'

export class DPMSolverSinglestepScheduler extends SolverScheduler<DPMSinglestepConfig & SchedulerConfig> {
  readonly className = 'DPMSolverSinglestepScheduler'
  /** Sample at the beginning of the cycle. */
  #start: Float32Array = new Float32Array(0)

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key, UnsupportedConfigError for one that is not built. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('DPMSolverSinglestepScheduler', DPM_SINGLESTEP_FIELDS, config)
    super(resolved, plainAlphasCumprod(resolved))
    checkSolver(resolved)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): DPMSolverSinglestepScheduler {
    return new DPMSolverSinglestepScheduler(config)
  }

  protected plan(steps: number): Schedule {
    return singlestepSchedule(this.config, this.alphas, this.training, steps)
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const { algorithm_type: algorithm, solver_type: solver } = this.config
    const index = this.index.at(timestep)
    const isRandom = algorithm.startsWith('sde-')
    if (isRandom) checkGenerator(options.generator, `algorithm_type ${algorithm}`)
    const convert = algorithm.endsWith('++') ? convertToOriginal : convertToNoise
    this.remember(convert(this.config, this.sigmas[index]!, modelOutput.data, sample))
    // A run that begins within a cycle has fewer outputs to look back on.
    const outputs = this.outputs.slice(-this.#orderAt(index))
    if (outputs.length === 1) this.#start = sample.data
    const update = singlestepCoefficients(algorithm, solver, outputs.length, this.sigmas, index)
    const out = applySinglestep(update, solver, this.#start, outputs)
    if (isRandom) addFreshNoise(out, update.noise, options.generator, `algorithm_type ${algorithm}`)
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }

  /** 1, 2, ... solver_order over and over; a step to sigma 0 is of first order, and so is a last one that would complete a cycle. */
  #orderAt(index: number): number {
    const { solver_order: most, lower_order_final: lowerFinal, final_sigmas_type: final } = this.config
    const order = (index % most) + 1
    const isLast = index === this.timesteps.length - 1
    return isLast && (final === 'zero' || (lowerFinal && order === most)) ? 1 : order
  }
}
