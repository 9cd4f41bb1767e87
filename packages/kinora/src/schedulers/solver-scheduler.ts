// What the solvers in half log-SNR (the DPM-Solvers, DEIS, UniPC) have in common: the run's timesteps and
// noise levels, the place in it, past model outputs, and added noise. The algorithms are the classes that
// extend this one. Follows what diffusers repeats in each of them.

import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { integer } from './config.ts'
import { checkSameRun, mixNoise } from './noising.ts'
import { predictionField } from './prediction.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { checkRespacing, type RespacingConfig } from './sigma-schedule.ts'
import { alphaSigma, trainingSigmas } from './sigmas.ts'
import { RESPACED_FIELDS, type Schedule } from './solver-schedule.ts'
import { checkSteps } from './spacing.ts'
import { StepIndex } from './step-index.ts'
import { THRESHOLD_FIELDS } from './threshold.ts'

type Float = Tensor<'float32'>

/** Config keys that all of them know. */
export const SOLVER_FIELDS = {
  ...THRESHOLD_FIELDS,
  ...RESPACED_FIELDS,
  solver_order: integer(2, 1, 3),
  prediction_type: predictionField,
}

export abstract class SolverScheduler<C extends SchedulerConfig & RespacingConfig & { readonly solver_order: number }>
  implements Scheduler
{
  abstract readonly className: string
  readonly initNoiseSigma = 1
  readonly order = 1
  readonly config: C
  protected readonly alphas: Float32Array
  /** Sigma of every training timestep, rising. */
  protected readonly training: Float32Array
  protected index = new StepIndex([])
  /** What past model outputs were converted to, the newest last; at most solver_order of them. */
  protected outputs: readonly Float32Array[] = []
  #schedule: Schedule = { timesteps: [], sigmas: new Float32Array(0) }

  protected constructor(config: C, alphas: Float32Array) {
    checkRespacing(config)
    this.config = config
    this.alphas = alphas
    this.training = trainingSigmas(alphas)
  }

  /** The run of so many steps. Called by setTimesteps. */
  protected abstract plan(steps: number): Schedule
  abstract step(modelOutput: Float, timestep: number, sample: Float, options?: StepOptions): Float

  get timesteps(): readonly number[] {
    return this.#schedule.timesteps
  }

  /** Noise levels of the timesteps and the final one, [timesteps + 1]. */
  get sigmas(): Float32Array {
    return this.#schedule.sigmas
  }

  setTimesteps(numInferenceSteps: number): void {
    checkSteps(numInferenceSteps, this.training.length)
    const schedule = this.plan(numInferenceSteps)
    const bad = schedule.sigmas.subarray(0, -1).find((sigma) => !(sigma > 0 && sigma < Infinity))
    if (bad !== undefined)
      throw new ArgumentError(
        `the noise schedule gives a step the sigma ${bad}, it must be positive and finite: check beta_start, beta_end and trained_betas`,
      )
    this.#schedule = schedule
    this.index = new StepIndex(schedule.timesteps)
    this.outputs = []
  }

  /** Says where in `timesteps` a run begins that skips the first ones, as video-to-video does. Call it after setTimesteps. */
  setBeginIndex(index: number): void {
    this.index.begin(index)
  }

  scaleModelInput(sample: Float): Float {
    return sample
  }

  addNoise(original: Float, noise: Float, timesteps: readonly number[]): Float {
    return mixNoise(
      original,
      noise,
      timesteps.map((timestep) => alphaSigma(this.sigmas[this.index.of(timestep)]!)),
    )
  }

  /** Keeps a converted output for this step and the next ones. Throws ArgumentError when its size is not that of the run so far. */
  protected remember(output: Float32Array): void {
    checkSameRun(this.outputs.at(-1), output)
    this.outputs = [...this.outputs, output].slice(-this.config.solver_order)
  }
}
