// Heun's method along the probability flow: a trial step to the next sigma, then the step itself along the
// mean of the slopes at both ends. Two model evaluations a step, the last one excepted. Karras et al. 2022,
// algorithm 2 without churn. Options and arithmetic follow diffusers' scheduling_heun_discrete.py.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { BETA_FIELDS, BETA_SCHEDULES, plainAlphasCumprod } from './beta.ts'
import { flag, oneOf, real, resolveConfig, type Values } from './config.ts'
import { checkSameShape } from './noising.ts'
import { predictionField } from './prediction.ts'
import type { SchedulerConfig } from './scheduler.ts'
import { checkRespacing, RESPACING_FIELDS, respacedLevels, spacedLevels, TIMESTEP_FIELDS } from './sigma-schedule.ts'
import { type SigmaRun, SigmaScheduler } from './sigma-scheduler.ts'
import { denoised, moved, slope } from './sigma-step.ts'
import { clip } from './threshold.ts'

const f = Math.fround

const FIELDS = {
  ...BETA_FIELDS,
  ...RESPACING_FIELDS,
  ...TIMESTEP_FIELDS,
  beta_start: real(0.00085, 0, 1),
  beta_end: real(0.012, 0, 1),
  beta_schedule: oneOf([...BETA_SCHEDULES, 'exp'], 'linear'),
  prediction_type: predictionField,
  clip_sample: flag(false),
  clip_sample_range: real(1, 0, 1e6),
}

export class HeunDiscreteScheduler extends SigmaScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  readonly className = 'HeunDiscreteScheduler'
  override readonly order = 2
  /** Where the step in progress began, and the slope there. */
  #trial: { readonly sample: Tensor<'float32'>; readonly slope: Float32Array } | undefined

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('HeunDiscreteScheduler', FIELDS, config)
    super(resolved, plainAlphasCumprod(resolved))
    checkRespacing(resolved)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): HeunDiscreteScheduler {
    return new HeunDiscreteScheduler(config)
  }

  /** Every level but the first and the final one counts twice, as a trial's end and as the next step's start. */
  protected plan(steps: number): SigmaRun {
    const { config, training } = this
    const { timesteps, sigmas } = respacedLevels(config, spacedLevels(config, training, steps), training)
    const twice = (values: readonly number[]): number[] => values.flatMap((value, i) => (i === 0 ? [value] : [value, value]))
    return { timesteps: twice(timesteps.map(f)), sigmas: Float32Array.from([...twice(sigmas), 0]) }
  }

  protected override reset(): void {
    this.#trial = undefined
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const sigma = this.sigmas[index]!
    const original = denoised(this.config.prediction_type, sigma, modelOutput.data, sample.data)
    if (this.config.clip_sample) clip(original, this.config.clip_sample_range)
    const here = slope(sample.data, original, sigma)
    const out = this.#trial ? this.#finish(sample, here, index) : this.#try(sample, here, index)
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }

  #try(sample: Tensor<'float32'>, here: Float32Array, index: number): Float32Array {
    this.#trial = { sample, slope: here }
    return moved(sample.data, here, f(this.sigmas[index + 1]! - this.sigmas[index]!))
  }

  #finish(sample: Tensor<'float32'>, here: Float32Array, index: number): Float32Array {
    const trial = this.#trial!
    checkSameShape('sample', sample, "the step's first sample", trial.sample)
    const mean = here.map((value, i) => f(trial.slope[i]! + value) / 2)
    this.#trial = undefined
    return moved(trial.sample.data, mean, f(this.sigmas[index]! - this.sigmas[index - 1]!))
  }
}
