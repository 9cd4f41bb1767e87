// DDIM: the deterministic sampler that these checkpoints ship with; eta moves it towards DDPM. Song,
// Meng and Ermon 2020, "Denoising Diffusion Implicit Models", equations 12 and 16; options and
// arithmetic follow diffusers' scheduling_ddim.py.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphasCumprod, NOISE_FIELDS } from './beta.ts'
import { flag, integer, real, resolveConfig, type Values } from './config.ts'
import { addFreshNoise, checkSameShape, mixNoise } from './noising.ts'
import { predictionField, predictNoise, predictOriginal } from './prediction.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { checkSteps, leadingTimesteps, linspaceTimesteps, spacingField, trailingTimesteps } from './spacing.ts'
import { clip, dynamicThreshold, THRESHOLD_FIELDS } from './threshold.ts'

const f = Math.fround

const FIELDS = {
  ...NOISE_FIELDS,
  ...THRESHOLD_FIELDS,
  clip_sample: flag(true),
  clip_sample_range: real(1, 0, 1e6),
  set_alpha_to_one: flag(true),
  steps_offset: integer(0, 0, 100_000),
  prediction_type: predictionField,
  timestep_spacing: spacingField('leading'),
}

export class DDIMScheduler implements Scheduler {
  readonly className = 'DDIMScheduler'
  readonly config: Values<typeof FIELDS> & SchedulerConfig
  readonly initNoiseSigma = 1
  readonly order = 1
  readonly #alphas: Float32Array
  #timesteps: readonly number[] = []

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    this.config = resolveConfig(this.className, FIELDS, config)
    this.#alphas = alphasCumprod(this.config)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): DDIMScheduler {
    return new DDIMScheduler(config)
  }

  get timesteps(): readonly number[] {
    return this.#timesteps
  }

  setTimesteps(numInferenceSteps: number): void {
    const { num_train_timesteps: trained, prediction_type: prediction } = this.config
    checkSteps(numInferenceSteps, trained)
    const timesteps = this.#spaced(numInferenceSteps)
    const first = timesteps[0]!
    if (first >= trained)
      throw new ArgumentError(
        `${numInferenceSteps} steps with timestep_spacing leading and steps_offset ${this.config.steps_offset} begin at timestep ${first}, beyond the last, ${trained - 1}; take fewer steps`,
      )
    if (this.#alphas[first] === 0 && prediction === 'epsilon')
      throw new ArgumentError(
        `timestep ${first} holds no signal (rescale_betas_zero_snr), and prediction_type epsilon cannot start there; use timestep_spacing leading or prediction_type v_prediction`,
      )
    this.#timesteps = timesteps
  }

  scaleModelInput(sample: Tensor<'float32'>): Tensor<'float32'> {
    return sample
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    if (this.#timesteps.length === 0) throw new ArgumentError('call setTimesteps() before step()')
    const { prediction_type: prediction, thresholding, clip_sample: clipping } = this.config
    const eta = options.eta ?? 0
    if (!(eta >= 0 && eta <= 1)) throw new ArgumentError(`eta ${eta} must be a number from 0 to 1`)
    const { alpha, sigma, alphaPrevious, direction, deviation } = this.#coefficients(timestep, eta)
    const output = modelOutput.data

    const out = predictOriginal(prediction, alpha, sigma, output, sample.data, new Float32Array(output.length))
    if (thresholding) dynamicThreshold(out, sample.shape[0] ?? 1, this.config.dynamic_thresholding_ratio, this.config.sample_max_value)
    else if (clipping) clip(out, this.config.clip_sample_range)
    const noise =
      prediction === 'epsilon' ? output : predictNoise(prediction, alpha, sigma, output, sample.data, new Float32Array(output.length))
    for (let i = 0; i < out.length; i++) out[i] = f(alphaPrevious * out[i]!) + f(direction * noise[i]!)
    if (eta > 0) addFreshNoise(out, deviation, options.generator, `eta ${eta}`)
    return tensor('float32', sample.shape, out)
  }

  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'> {
    const scales = timesteps.map((timestep) => {
      const alpha = this.#alphaAt(timestep)
      return [f(Math.sqrt(alpha)), f(Math.sqrt(f(1 - alpha)))] as const
    })
    return mixNoise(original, noise, scales)
  }

  #spaced(steps: number): number[] {
    const { num_train_timesteps: trained, timestep_spacing: spacing, steps_offset: offset } = this.config
    switch (spacing) {
      case 'linspace':
        return linspaceTimesteps(trained - 1, steps)
      case 'leading':
        return leadingTimesteps(Math.floor(trained / steps), steps, offset)
      case 'trailing':
        return trailingTimesteps(trained, trained / steps, steps)
      default:
        return spacing satisfies never
    }
  }

  #alphaAt(timestep: number): number {
    const alpha = this.#alphas[timestep]
    if (alpha === undefined) throw new ArgumentError(`timestep ${timestep} must be a whole number from 0 to ${this.#alphas.length - 1}`)
    return alpha
  }

  /** Square roots of the variances at this timestep and the next one down, and equation 16 for eta. */
  #coefficients(timestep: number, eta: number) {
    const previous = timestep - Math.floor(this.config.num_train_timesteps / this.#timesteps.length)
    const alpha = this.#alphaAt(timestep)
    const final = this.config.set_alpha_to_one ? 1 : this.#alphas[0]!
    const alphaPrevious = previous >= 0 ? this.#alphas[previous]! : final
    const beta = f(1 - alpha)
    const betaPrevious = f(1 - alphaPrevious)
    const variance = f(f(betaPrevious / beta) * f(1 - f(alpha / alphaPrevious)))
    const deviation = f(f(eta) * f(Math.sqrt(variance)))
    return {
      alpha: f(Math.sqrt(alpha)),
      sigma: f(Math.sqrt(beta)),
      alphaPrevious: f(Math.sqrt(alphaPrevious)),
      // At eta 1 this can round to just below zero.
      direction: f(Math.sqrt(Math.max(f(betaPrevious - f(deviation * deviation)), 0))),
      deviation,
    }
  }
}
