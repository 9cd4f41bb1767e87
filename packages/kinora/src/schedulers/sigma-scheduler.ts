// What the schedulers that work on sigma itself have in common: the run's timesteps and noise levels, the
// place in it, the scaling of the model's input and of the first latents, and added noise. The algorithms
// are the classes that extend this one. Arithmetic and indices follow diffusers' scheduling_euler_discrete.py.

import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { mixNoise } from './noising.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { sampleDeviation } from './sigma-step.ts'
import { trainingSigmas } from './sigmas.ts'
import { checkSteps, type Spacing } from './spacing.ts'
import { StepIndex } from './step-index.ts'

type Float = Tensor<'float32'>

/** A run: timesteps in the order of the steps, and sigmas, of which step i uses the i-th and the one after it. */
export interface SigmaRun {
  readonly timesteps: readonly number[]
  readonly sigmas: Float32Array
}

export interface SigmaSchedulerConfig extends SchedulerConfig {
  readonly timestep_spacing: Spacing
}

export abstract class SigmaScheduler<C extends SigmaSchedulerConfig> implements Scheduler {
  abstract readonly className: string
  readonly order: number = 1
  readonly config: C
  /** Sigma of every training timestep, rising. */
  protected readonly training: Float32Array
  protected index = new StepIndex([])
  #run: SigmaRun = { timesteps: [], sigmas: new Float32Array(0) }

  /** `alphas` is the share of signal variance at each training timestep. */
  protected constructor(config: C, alphas: Float32Array) {
    this.config = config
    this.training = trainingSigmas(alphas)
  }

  /** The run of so many steps. Called by setTimesteps. */
  protected abstract plan(steps: number): SigmaRun
  abstract step(modelOutput: Float, timestep: number, sample: Float, options?: StepOptions): Float

  /** Forgets what past steps left behind. */
  protected reset(): void {}

  get timesteps(): readonly number[] {
    return this.#run.timesteps
  }

  /** Noise levels of the steps and the final one. */
  get sigmas(): Float32Array {
    return this.#run.sigmas
  }

  /** Follows the run that setTimesteps chose; before it, the training's highest sigma. */
  get initNoiseSigma(): number {
    const highest = (this.sigmas.length > 0 ? this.sigmas : this.training).reduce((a, b) => Math.max(a, b))
    return this.config.timestep_spacing === 'leading' ? sampleDeviation(highest) : highest
  }

  setTimesteps(numInferenceSteps: number): void {
    checkSteps(numInferenceSteps, this.training.length)
    const run = this.plan(numInferenceSteps)
    const bad = run.sigmas.subarray(0, run.timesteps.length).find((sigma) => !(sigma > 0 && sigma < Infinity))
    if (bad !== undefined)
      throw new ArgumentError(
        `the noise schedule gives a step the sigma ${bad}, it must be positive and finite: check beta_start, beta_end and trained_betas`,
      )
    this.#run = run
    this.index = new StepIndex(run.timesteps)
    this.reset()
  }

  /** Says where in `timesteps` a run begins that skips the first ones, as video-to-video does. Call it after setTimesteps. */
  setBeginIndex(index: number): void {
    this.index.begin(index)
  }

  /** Divides by the deviation of the sample, so that the model sees variance 1. */
  scaleModelInput(sample: Float, timestep: number): Float {
    const deviation = sampleDeviation(this.inputSigma(this.index.at(timestep)))
    return tensor(
      'float32',
      sample.shape,
      sample.data.map((x) => x / deviation),
    )
  }

  /** Sigma of the sample that the step at `index` is given. */
  protected inputSigma(index: number): number {
    return this.sigmas[index]!
  }

  addNoise(original: Float, noise: Float, timesteps: readonly number[]): Float {
    return mixNoise(
      original,
      noise,
      timesteps.map((timestep) => [1, this.sigmas[this.index.of(timestep)]!]),
    )
  }
}
