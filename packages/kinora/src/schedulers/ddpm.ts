// DDPM: ancestral sampling, which draws fresh noise at every timestep but 0. Ho, Jain and Abbeel 2020,
// "Denoising Diffusion Probabilistic Models", equations 6, 7 and 15; options and arithmetic follow
// diffusers' scheduling_ddpm.py. Learned variances need a model that predicts them, and are refused.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphaAt, alphasCumprod, BETA_SCHEDULES, NOISE_FIELDS } from './beta.ts'
import { integer, oneOf, resolveConfig, type Values } from './config.ts'
import { addFreshNoise, checkSameShape, mixNoiseAt } from './noising.ts'
import { checkSignal, predictionField, predictOriginal } from './prediction.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { spacedTimesteps, spacingField } from './spacing.ts'
import { CLIP_FIELDS, limitOrClipRows } from './threshold.ts'
import { varianceField } from './variance.ts'

const f = Math.fround

const FIELDS = {
  ...NOISE_FIELDS,
  ...CLIP_FIELDS,
  beta_schedule: oneOf([...BETA_SCHEDULES, 'sigmoid', 'laplace'], 'linear'),
  variance_type: varianceField('fixed_small'),
  prediction_type: predictionField,
  timestep_spacing: spacingField('leading'),
  steps_offset: integer(0, 0, 100_000),
}

export class DDPMScheduler implements Scheduler {
  readonly className = 'DDPMScheduler'
  readonly config: Values<typeof FIELDS> & SchedulerConfig
  readonly initNoiseSigma = 1
  readonly order = 1
  readonly #alphas: Float32Array
  #timesteps: readonly number[] = []

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key, UnsupportedConfigError for a learned variance. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    this.config = resolveConfig(this.className, FIELDS, config)
    this.#alphas = alphasCumprod(this.config)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): DDPMScheduler {
    return new DDPMScheduler(config)
  }

  get timesteps(): readonly number[] {
    return this.#timesteps
  }

  setTimesteps(numInferenceSteps: number): void {
    const timesteps = spacedTimesteps(this.config, numInferenceSteps)
    checkSignal(this.config.prediction_type, alphaAt(this.#alphas, timesteps[0]!), timesteps[0]!)
    this.#timesteps = timesteps
  }

  scaleModelInput(sample: Tensor<'float32'>): Tensor<'float32'> {
    return sample
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const { alpha, beta, original, current, deviation } = this.#coefficients(timestep)
    const x = sample.data
    const { prediction_type: prediction } = this.config
    const out = predictOriginal(prediction, f(Math.sqrt(alpha)), f(Math.sqrt(beta)), modelOutput.data, x, new Float32Array(x.length))
    limitOrClipRows(out, sample.shape[0] ?? 1, this.config)
    for (let i = 0; i < out.length; i++) out[i] = f(original * out[i]!) + f(current * x[i]!)
    if (timestep > 0) addFreshNoise(out, deviation, options.generator, this.className)
    return tensor('float32', sample.shape, out)
  }

  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'> {
    return mixNoiseAt(this.#alphas, original, noise, timesteps)
  }

  /** Variances at this timestep, and mean and deviation of the next sample (equation 7) over the clean and the current one. */
  #coefficients(timestep: number) {
    if (this.#timesteps.length === 0) throw new ArgumentError('call setTimesteps() before step()')
    const index = this.#timesteps.indexOf(timestep)
    if (index < 0) throw new ArgumentError(`timestep ${timestep} is not one of the run's: ${this.#timesteps.slice(0, 12).join(', ')}`)
    const previous = this.#timesteps[index + 1]
    const alpha = alphaAt(this.#alphas, timestep)
    const alphaPrevious = previous === undefined ? 1 : alphaAt(this.#alphas, previous)
    const beta = f(1 - alpha)
    const betaPrevious = f(1 - alphaPrevious)
    const stepAlpha = f(alpha / alphaPrevious)
    const stepBeta = f(1 - stepAlpha)
    const posterior = Math.max(f(f(betaPrevious / beta) * stepBeta), f(1e-20))
    return {
      alpha,
      beta,
      original: f(f(f(Math.sqrt(alphaPrevious)) * stepBeta) / beta),
      current: f(f(f(Math.sqrt(stepAlpha)) * betaPrevious) / beta),
      deviation: this.#deviation(posterior, stepBeta),
    }
  }

  #deviation(posterior: number, stepBeta: number): number {
    const throughLog = (variance: number): number => f(Math.exp(f(0.5 * f(Math.log(variance)))))
    switch (this.config.variance_type) {
      case 'fixed_small_log':
        return throughLog(posterior)
      case 'fixed_large':
        return f(Math.sqrt(stepBeta))
      // The reference takes the square root of the logarithm here, which is no number.
      case 'fixed_large_log':
        return throughLog(stepBeta)
      default:
        return f(Math.sqrt(posterior))
    }
  }
}
