// DDIM: the deterministic sampler that these checkpoints ship with; eta moves it towards DDPM. Song,
// Meng and Ermon 2020, "Denoising Diffusion Implicit Models", equations 12 and 16; options and
// arithmetic follow diffusers' scheduling_ddim.py.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphaAt, alphasCumprod, NOISE_FIELDS } from './beta.ts'
import { flag, integer, resolveConfig, type Values } from './config.ts'
import { addFreshNoise, checkSameShape, mixNoiseAt } from './noising.ts'
import { checkSignal, predictionField, predictNoise, predictOriginal } from './prediction.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { spacedTimesteps, spacingField } from './spacing.ts'
import { CLIP_FIELDS, limitOrClipRows } from './threshold.ts'

const f = Math.fround

const FIELDS = {
  ...NOISE_FIELDS,
  ...CLIP_FIELDS,
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
    const timesteps = spacedTimesteps(this.config, numInferenceSteps)
    checkSignal(this.config.prediction_type, alphaAt(this.#alphas, timesteps[0]!), timesteps[0]!)
    this.#timesteps = timesteps
  }

  scaleModelInput(sample: Tensor<'float32'>): Tensor<'float32'> {
    return sample
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    if (this.#timesteps.length === 0) throw new ArgumentError('call setTimesteps() before step()')
    const prediction = this.config.prediction_type
    const eta = options.eta ?? 0
    if (!(eta >= 0 && eta <= 1)) throw new ArgumentError(`eta ${eta} must be a number from 0 to 1`)
    const { alpha, sigma, alphaPrevious, direction, deviation } = this.#coefficients(timestep, eta)
    const output = modelOutput.data

    const out = predictOriginal(prediction, alpha, sigma, output, sample.data, new Float32Array(output.length))
    limitOrClipRows(out, sample.shape[0] ?? 1, this.config)
    const noise =
      prediction === 'epsilon' ? output : predictNoise(prediction, alpha, sigma, output, sample.data, new Float32Array(output.length))
    for (let i = 0; i < out.length; i++) out[i] = f(alphaPrevious * out[i]!) + f(direction * noise[i]!)
    if (eta > 0) addFreshNoise(out, deviation, options.generator, `eta ${eta}`)
    return tensor('float32', sample.shape, out)
  }

  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'> {
    return mixNoiseAt(this.#alphas, original, noise, timesteps)
  }

  /** Square roots of the variances at this timestep and the next one down, and equation 16 for eta. */
  #coefficients(timestep: number, eta: number) {
    const previous = timestep - Math.floor(this.config.num_train_timesteps / this.#timesteps.length)
    const alpha = alphaAt(this.#alphas, timestep)
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
