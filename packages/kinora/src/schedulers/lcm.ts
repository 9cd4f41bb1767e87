// LCM: few-step sampling for latent consistency models, which predict the clean sample at once and are
// noised again for the next step; the last step draws no noise. Luo et al. 2023, "Latent Consistency
// Models", algorithm 3; options and arithmetic follow diffusers' scheduling_lcm.py.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphaAt, alphasCumprod, BETA_SCHEDULES, NOISE_FIELDS } from './beta.ts'
import { flag, integer, oneOf, real, resolveConfig, type Values } from './config.ts'
import { addFreshNoise, checkSameShape, mixNoiseAt } from './noising.ts'
import { checkSignal, predictionField, predictOriginal } from './prediction.ts'
import type { Scheduler, SchedulerConfig, StepOptions } from './scheduler.ts'
import { checkSteps, spacingField } from './spacing.ts'
import { StepIndex } from './step-index.ts'
import { CLIP_FIELDS, limitOrClipRows } from './threshold.ts'

const f = Math.fround

/** set_alpha_to_one, steps_offset and timestep_spacing are keys of the reference's class that change nothing there either. */
const FIELDS = {
  ...NOISE_FIELDS,
  ...CLIP_FIELDS,
  beta_start: real(0.00085, 0, 1),
  beta_end: real(0.012, 0, 1),
  beta_schedule: oneOf(BETA_SCHEDULES, 'scaled_linear'),
  original_inference_steps: integer(50, 1, 100_000),
  clip_sample: flag(false),
  set_alpha_to_one: flag(true),
  steps_offset: integer(0, 0, 100_000),
  prediction_type: predictionField,
  timestep_spacing: spacingField('leading'),
  timestep_scaling: real(10, 0, 1e6),
}

export class LCMScheduler implements Scheduler {
  readonly className = 'LCMScheduler'
  readonly config: Values<typeof FIELDS> & SchedulerConfig
  readonly initNoiseSigma = 1
  readonly order = 1
  readonly #alphas: Float32Array
  #timesteps: readonly number[] = []
  #index = new StepIndex([])

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    this.config = resolveConfig(this.className, FIELDS, config)
    const { original_inference_steps: original, num_train_timesteps: trained } = this.config
    if (original > trained)
      throw new ArgumentError(`scheduler config original_inference_steps = ${original} must be at most num_train_timesteps, ${trained}`)
    this.#alphas = alphasCumprod(this.config)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): LCMScheduler {
    return new LCMScheduler(config)
  }

  get timesteps(): readonly number[] {
    return this.#timesteps
  }

  /** Chooses evenly among the timesteps of the distillation, so there are at most original_inference_steps of them. */
  setTimesteps(numInferenceSteps: number): void {
    const { num_train_timesteps: trained, original_inference_steps: original, prediction_type: prediction } = this.config
    checkSteps(numInferenceSteps, trained)
    if (numInferenceSteps > original)
      throw new ArgumentError(
        `numInferenceSteps ${numInferenceSteps} must be at most original_inference_steps, ${original}, the steps that the model was distilled from`,
      )
    const stride = Math.floor(trained / original)
    const timesteps = Array.from(
      { length: numInferenceSteps },
      (_, i) => (original - Math.floor(i * (original / numInferenceSteps))) * stride - 1,
    )
    checkSignal(prediction, alphaAt(this.#alphas, timesteps[0]!), timesteps[0]!)
    this.#timesteps = timesteps
    this.#index = new StepIndex(timesteps)
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
    const next = this.#timesteps[this.#index.at(timestep) + 1]
    const alpha = alphaAt(this.#alphas, timestep)
    const [rootAlpha, rootBeta] = [f(Math.sqrt(alpha)), f(Math.sqrt(f(1 - alpha)))]
    const x = sample.data
    const out = predictOriginal(this.config.prediction_type, rootAlpha, rootBeta, modelOutput.data, x, new Float32Array(x.length))
    limitOrClipRows(out, sample.shape[0] ?? 1, this.config)
    const { skip, scale } = this.#boundary(timestep)
    for (let i = 0; i < out.length; i++) out[i] = f(scale * out[i]!) + f(skip * x[i]!)
    if (next !== undefined) {
      const alphaNext = alphaAt(this.#alphas, next)
      const root = f(Math.sqrt(alphaNext))
      for (let i = 0; i < out.length; i++) out[i]! *= root
      addFreshNoise(out, f(Math.sqrt(f(1 - alphaNext))), options.generator, this.className)
    }
    this.#index.advance()
    return tensor('float32', sample.shape, out)
  }

  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'> {
    return mixNoiseAt(this.#alphas, original, noise, timesteps)
  }

  /** c_skip and c_out, which make timestep 0 return its sample as it is; sigma_data is 0.5. */
  #boundary(timestep: number) {
    const scaled = f(timestep * f(this.config.timestep_scaling))
    const sum = f(f(scaled * scaled) + 0.25)
    return { skip: f(0.25 / sum), scale: f(scaled / f(Math.sqrt(sum))) }
  }
}
