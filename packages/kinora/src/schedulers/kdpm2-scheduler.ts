// What both KDPM2 samplers share: n levels with a midpoint between each two, and a step in two halves, to the
// midpoint and then, from where the step began, along the slope found there. Two model evaluations a step,
// the last one excepted. Indices and arithmetic follow diffusers' scheduling_k_dpm_2_discrete.py.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { BETA_FIELDS, plainAlphasCumprod } from './beta.ts'
import { real, resolveConfig, type Values } from './config.ts'
import { log32 } from './float32-log.ts'
import { addFreshNoise, checkSameShape } from './noising.ts'
import { predictionField } from './prediction.ts'
import type { SchedulerConfig, StepOptions } from './scheduler.ts'
import { checkRespacing, RESPACING_FIELDS, respacedLevels, spacedLevels, TIMESTEP_FIELDS } from './sigma-schedule.ts'
import { type SigmaRun, SigmaScheduler } from './sigma-scheduler.ts'
import { denoised, moved, slope } from './sigma-step.ts'
import { timestepOfSigma32 } from './sigmas.ts'
import { roundHalfEven } from './spacing.ts'

const f = Math.fround

const FIELDS = {
  ...BETA_FIELDS,
  ...RESPACING_FIELDS,
  ...TIMESTEP_FIELDS,
  beta_start: real(0.00085, 0, 1),
  beta_end: real(0.012, 0, 1),
  prediction_type: predictionField,
}

/** Sigmas on the way of one step. */
export interface Aim {
  /** Where the first half ends and the model is asked again. */
  readonly middle: number
  /** Where the second half ends. */
  readonly down: number
  /** Deviation of the noise added there; a sampler without it draws none. */
  readonly up?: number
}

export abstract class KDPM2Scheduler extends SigmaScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  override readonly order = 2
  /** Where the step in progress began. */
  #start: Tensor<'float32'> | undefined

  protected constructor(className: string, config: Readonly<Record<string, unknown>>) {
    const resolved = resolveConfig(className, FIELDS, config)
    super(resolved, plainAlphasCumprod(resolved))
    checkRespacing(resolved)
  }

  /** The way of a step between two sigmas; `to` is 0 for the last one, which ends at its middle, 0 too. */
  protected abstract aim(from: number, to: number): Aim

  /**
   * Timesteps [t0, m0, t1, m1, ..., tn-1] with midpoints m; sigmas [s0, s1, s1, ..., sn, sn, sn] with sn = 0, so that step i
   * goes from the (2i)-th to the one after it.
   */
  protected plan(steps: number): SigmaRun {
    const { config, training } = this
    const levels = respacedLevels(config, spacedLevels(config, training, steps), training)
    const [first = 0, ...rest] = config.use_karras_sigmas ? levels.timesteps.map(roundHalfEven) : levels.timesteps
    const sigmas = Float32Array.from([...levels.sigmas, 0])
    const logSigmas = training.map(log32)
    const middles = rest.map((_, i) => timestepOfSigma32(this.aim(sigmas[i]!, sigmas[i + 1]!).middle, logSigmas))
    return {
      timesteps: [first, ...rest.flatMap((timestep, i) => [middles[i]!, timestep])],
      sigmas: Float32Array.from([sigmas[0]!, ...[...sigmas.subarray(1)].flatMap((sigma) => [sigma, sigma]), 0]),
    }
  }

  protected override reset(): void {
    this.#start = undefined
  }

  protected override inputSigma(index: number): number {
    return this.#start ? this.aim(this.sigmas[index - 1]!, this.sigmas[index]!).middle : this.sigmas[index]!
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const start = this.#start
    if (start) checkSameShape('sample', sample, "the step's first sample", start)
    const from = this.sigmas[start ? index - 1 : index]!
    const { middle, down, up } = this.aim(from, this.sigmas[start ? index : index + 1]!)
    const sigma = start ? middle : from
    const original = denoised(this.config.prediction_type, sigma, modelOutput.data, sample.data)
    const along = slope(sample.data, original, sigma)
    const out = moved(start?.data ?? sample.data, along, f((start ? down : middle) - from))
    if (start && up !== undefined) addFreshNoise(out, up, options.generator, this.className)
    this.#start = start ? undefined : sample
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }
}

/** exp of the mean of two logarithms, counted from the second; 0 when one of the two is 0. */
export function geometricMean(a: number, b: number): number {
  if (a === 0 || b === 0) return 0
  const [logA, logB] = [f(Math.log(a)), f(Math.log(b))]
  return f(Math.exp(f(logB - 0.5 * f(logB - logA))))
}
