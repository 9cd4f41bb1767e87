// DPM-Solver and DPM-Solver++ in multistep form: order 1 to 3, deterministic or as an SDE; the usual choice
// for 20 to 25 steps. Options, schedule and order of operations follow diffusers'
// scheduling_dpmsolver_multistep.py; the update formulas are in dpm-solver-update.ts.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphasCumprod } from './beta.ts'
import { resolveConfig } from './config.ts'
import { checkSolver, DPM_SOLVER_FIELDS, type DPMSolverConfig } from './dpm-solver-config.ts'
import { dpmSchedule } from './dpm-solver-schedule.ts'
import { applyUpdate, updateCoefficients } from './dpm-solver-update.ts'
import { addFreshNoise, checkSameShape, mixNoise } from './noising.ts'
import { predictNoise, predictOriginal } from './prediction.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { alphaSigma } from './sigmas.ts'
import { checkSteps } from './spacing.ts'
import { StepIndex } from './step-index.ts'
import { dynamicThreshold } from './threshold.ts'

export class DPMSolverMultistepScheduler implements Scheduler {
  readonly className = 'DPMSolverMultistepScheduler'
  readonly config: DPMSolverConfig & SchedulerConfig
  readonly initNoiseSigma = 1
  readonly order = 1
  readonly #alphas: Float32Array
  #timesteps: readonly number[] = []
  #sigmas: Float32Array = new Float32Array(0)
  #index = new StepIndex([])
  /** What past model outputs were converted to, the newest last; at most solver_order of them. */
  #outputs: Float32Array[] = []

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key, UnsupportedConfigError for one that is not built. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    this.config = resolveConfig(this.className, DPM_SOLVER_FIELDS, config)
    checkSolver(this.config)
    this.#alphas = alphasCumprod(this.config)
    // No signal at all would make the first sigma infinite.
    if (this.config.rescale_betas_zero_snr) this.#alphas[this.#alphas.length - 1] = 2 ** -24
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): DPMSolverMultistepScheduler {
    return new DPMSolverMultistepScheduler(config)
  }

  get timesteps(): readonly number[] {
    return this.#timesteps
  }

  /** Noise levels of the timesteps and the final one, [timesteps + 1]. */
  get sigmas(): Float32Array {
    return this.#sigmas
  }

  setTimesteps(numInferenceSteps: number): void {
    checkSteps(numInferenceSteps, this.config.num_train_timesteps)
    const { timesteps, sigmas } = dpmSchedule(this.config, this.#alphas, numInferenceSteps)
    this.#timesteps = timesteps
    this.#sigmas = sigmas
    this.#index = new StepIndex(timesteps)
    this.#outputs = []
  }

  /** Says where in `timesteps` a run begins that skips the first ones, as video-to-video does. Call it after setTimesteps. */
  setBeginIndex(index: number): void {
    this.#index.begin(index)
  }

  scaleModelInput(sample: Tensor<'float32'>): Tensor<'float32'> {
    return sample
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const { algorithm_type: algorithm, solver_type: solver } = this.config
    const index = this.#index.at(timestep)
    this.#remember(modelOutput, sample, index)
    const outputs = this.#outputs.slice(-this.#orderAt(index))
    const update = updateCoefficients(algorithm, solver, outputs.length, this.#sigmas, index)
    const out = applyUpdate(update, sample.data, outputs)
    if (algorithm.startsWith('sde-')) addFreshNoise(out, update.noise, options.generator, `algorithm_type ${algorithm}`)
    this.#index.advance()
    return tensor('float32', sample.shape, out)
  }

  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'> {
    return mixNoise(
      original,
      noise,
      timesteps.map((timestep) => alphaSigma(this.#sigmas[this.#index.of(timestep)]!)),
    )
  }

  /** The last steps of a short run, and the step to sigma 0, use a lower order because a higher one is unstable there. */
  #orderAt(index: number): number {
    const { solver_order: order, lower_order_final: lowerFinal, euler_at_final: euler, final_sigmas_type: final } = this.config
    const left = this.#timesteps.length - index
    const short = lowerFinal && this.#timesteps.length < 15
    if (left === 1 && (euler || short || final === 'zero')) return 1
    return left === 2 && short ? Math.min(order, 2) : order
  }

  /** Converts a model output to the quantity that the algorithm integrates: the clean sample for ++, else the noise. */
  #remember(modelOutput: Tensor<'float32'>, sample: Tensor<'float32'>, index: number): void {
    const { prediction_type: prediction, algorithm_type: algorithm, thresholding } = this.config
    const [output, x] = [modelOutput.data, sample.data]
    const oldest = this.#outputs.length === this.config.solver_order ? this.#outputs.shift() : undefined
    const into = oldest?.length === x.length ? oldest : new Float32Array(x.length)
    const [alpha, sigma] = alphaSigma(this.#sigmas[index]!)
    const threshold = (values: Float32Array): void => {
      if (thresholding) dynamicThreshold(values, sample.shape[0] ?? 1, this.config.dynamic_thresholding_ratio, this.config.sample_max_value)
    }
    if (algorithm.endsWith('++')) threshold(predictOriginal(prediction, alpha, sigma, output, x, into))
    else {
      predictNoise(prediction, alpha, sigma, output, x, into)
      if (thresholding) {
        const original = predictOriginal('epsilon', alpha, sigma, into, x, new Float32Array(x.length))
        threshold(original)
        predictNoise('sample', alpha, sigma, original, x, into)
      }
    }
    this.#outputs.push(into)
  }
}
