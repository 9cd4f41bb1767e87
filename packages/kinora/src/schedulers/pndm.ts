// PNDM: a pseudo linear multistep method of order four, started by three pseudo Runge-Kutta steps or, with
// skip_prk_steps, by steps of rising order. Liu et al. 2022, "Pseudo Numerical Methods for Diffusion
// Models on Manifolds", formulas 9, 12 and 13; arithmetic follows diffusers' scheduling_pndm.py.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphaAt, BETA_FIELDS, plainAlphasCumprod } from './beta.ts'
import { flag, integer, oneOf, resolveConfig, type Values } from './config.ts'
import { checkSameRun, checkSameShape, mixNoiseAt } from './noising.ts'
import { type PndmSchedule, pndmSchedule } from './pndm-schedule.ts'
import { applyTransfer, type Transfer, weightedOutputs } from './pndm-update.ts'
import type { Scheduler, SchedulerConfig } from './scheduler.ts'
import { spacingField } from './spacing.ts'

const f = Math.fround

const FIELDS = {
  ...BETA_FIELDS,
  skip_prk_steps: flag(false),
  set_alpha_to_one: flag(false),
  prediction_type: oneOf(['epsilon', 'v_prediction'], 'epsilon'),
  timestep_spacing: spacingField('leading'),
  steps_offset: integer(0, 0, 100_000),
}

export class PNDMScheduler implements Scheduler {
  readonly className = 'PNDMScheduler'
  readonly config: Values<typeof FIELDS> & SchedulerConfig
  readonly initNoiseSigma = 1
  readonly order = 1
  readonly #alphas: Float32Array
  #schedule: PndmSchedule = { timesteps: [], rungeKutta: [], stride: 0 }
  /** Evaluations so far; the reference, too, tells by their count alone which formula is due. */
  #count = 0
  /** Model outputs at whole steps, the newest first; at most four. */
  #outputs: readonly Float32Array[] = []
  /** Sample at the beginning of a step in several evaluations, and the weighted sum of its outputs. */
  #start: Float32Array = new Float32Array(0)
  #slope: Float32Array = new Float32Array(0)

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    this.config = resolveConfig(this.className, FIELDS, config)
    this.#alphas = plainAlphasCumprod(this.config)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): PNDMScheduler {
    return new PNDMScheduler(config)
  }

  get timesteps(): readonly number[] {
    return this.#schedule.timesteps
  }

  setTimesteps(numInferenceSteps: number): void {
    this.#schedule = pndmSchedule(this.config, this.config.skip_prk_steps, numInferenceSteps)
    this.#count = 0
    this.#outputs = []
  }

  scaleModelInput(sample: Tensor<'float32'>): Tensor<'float32'> {
    return sample
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    if (this.timesteps.length === 0) throw new ArgumentError('call setTimesteps() before step()')
    if (this.#count >= this.timesteps.length) throw new ArgumentError('the run is over; call setTimesteps() to begin another run')
    checkSameRun(this.#outputs[0], sample.data)
    const transfer = this.#transfer(timestep)
    const output = this.#isRungeKutta ? this.#rungeKutta(modelOutput.data, sample.data) : this.#multistep(modelOutput.data, sample.data)
    const x = this.#continues ? this.#start : sample.data
    const out = applyTransfer(transfer, this.config.prediction_type, output, x)
    this.#count += 1
    return tensor('float32', sample.shape, out)
  }

  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'> {
    return mixNoiseAt(this.#alphas, original, noise, timesteps)
  }

  get #isRungeKutta(): boolean {
    return this.#count < 4 * this.#schedule.rungeKutta.length
  }

  /** Whether this evaluation refines a step that an earlier one began. */
  get #continues(): boolean {
    return this.#isRungeKutta ? this.#count % 4 > 0 : this.#count === 1
  }

  /** The four slopes of the classic Runge-Kutta method: the last evaluation's result is their weighted mean. */
  #rungeKutta(output: Float32Array, sample: Float32Array): Float32Array {
    const stage = this.#count % 4
    if (stage === 0) {
      this.#outputs = [output, ...this.#outputs]
      this.#start = sample
      this.#slope = new Float32Array(output.length)
    }
    const weight = f(stage === 0 || stage === 3 ? 1 / 6 : 1 / 3)
    this.#slope = this.#slope.map((sum, i) => sum + f(weight * output[i]!))
    return stage === 3 ? this.#slope : output
  }

  #multistep(output: Float32Array, sample: Float32Array): Float32Array {
    const before = this.#outputs[0]
    if (this.#count === 0) this.#start = sample
    if (this.#count === 1 && before) return output.map((value, i) => f(value + before[i]!) / 2)
    this.#outputs = [output, ...this.#outputs.slice(0, 3)]
    return weightedOutputs(this.#outputs)
  }

  /** Variances of the timesteps that this evaluation's step leads between. Throws ArgumentError for a timestep beyond training. */
  #transfer(timestep: number): Transfer {
    const { rungeKutta, stride } = this.#schedule
    const given = alphaAt(this.#alphas, timestep)
    const final = this.config.set_alpha_to_one ? 1 : this.#alphas[0]!
    const alphaBelow = (t: number): number => (t < 0 ? final : alphaAt(this.#alphas, t))
    if (this.#isRungeKutta)
      return {
        from: alphaAt(this.#alphas, rungeKutta[Math.floor(this.#count / 4)]!),
        to: this.#count % 2 === 0 ? alphaBelow(timestep - Math.floor(stride / 2)) : given,
      }
    if (this.#continues) return { from: alphaAt(this.#alphas, timestep + stride), to: given }
    return { from: given, to: alphaBelow(timestep - stride) }
  }
}
