// Linear multistep method (Adams-Bashforth on the uneven grid of sigmas): the last four slopes, each weighed by
// the integral of its Lagrange polynomial over the step. k-diffusion's lms; Karras et al. 2022 for the setting.
// Options and arithmetic follow diffusers' scheduling_lms_discrete.py, at its step's default order 4.

import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { BETA_FIELDS, plainAlphasCumprod } from './beta.ts'
import { resolveConfig, type Values } from './config.ts'
import { checkSameShape } from './noising.ts'
import { predictionField } from './prediction.ts'
import type { SchedulerConfig } from './scheduler.ts'
import { checkRespacing, RESPACING_FIELDS, respacedLevels, spacedLevels, TIMESTEP_FIELDS } from './sigma-schedule.ts'
import { type SigmaRun, SigmaScheduler } from './sigma-scheduler.ts'
import { denoised, slope } from './sigma-step.ts'

const f = Math.fround
const ORDER = 4
const UNBOUNDED = { sigma_min: null, sigma_max: null }

const FIELDS = { ...BETA_FIELDS, ...RESPACING_FIELDS, ...TIMESTEP_FIELDS, prediction_type: predictionField }

export class LMSDiscreteScheduler extends SigmaScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  readonly className = 'LMSDiscreteScheduler'
  /** Slopes of past steps, the newest first; at most ORDER of them. */
  #slopes: Tensor<'float32'>[] = []

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('LMSDiscreteScheduler', FIELDS, config)
    super(resolved, plainAlphasCumprod(resolved))
    checkRespacing(resolved)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): LMSDiscreteScheduler {
    return new LMSDiscreteScheduler(config)
  }

  protected plan(steps: number): SigmaRun {
    const { config, training } = this
    // The reference's Karras spacing takes no bounds in this class; its other spacings do.
    const bounds = config.use_karras_sigmas ? UNBOUNDED : config
    const levels = respacedLevels(config, spacedLevels(config, training, steps), training, bounds)
    const sigmas = Float32Array.from([...levels.sigmas, 0])
    if (new Set(sigmas.subarray(0, steps)).size < steps)
      throw new ArgumentError(`${steps} steps name one sigma twice, and no polynomial goes through both; take fewer steps`)
    return { timesteps: levels.timesteps.map(f), sigmas }
  }

  protected override reset(): void {
    this.#slopes = []
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const sigma = this.sigmas[index]!
    const original = denoised(this.config.prediction_type, sigma, modelOutput.data, sample.data)
    for (const past of this.#slopes) checkSameShape('sample', sample, "the run's earlier sample", past)
    const here = tensor('float32', sample.shape, slope(sample.data, original, sigma))
    this.#slopes = [here, ...this.#slopes].slice(0, ORDER)
    // A run that begins midway has fewer slopes than its place suggests. The reference weighs those it has all the same.
    const order = Math.min(index + 1, ORDER)
    const change = new Float32Array(sample.data.length)
    for (const [k, { data: past }] of this.#slopes.entries()) {
      const weight = f(lagrangeIntegral(this.sigmas, index, order, k))
      for (let i = 0; i < change.length; i++) change[i]! += f(weight * past[i]!)
    }
    this.index.advance()
    return tensor(
      'float32',
      sample.shape,
      sample.data.map((x, i) => x + change[i]!),
    )
  }
}

/**
 * Integral from sigmas[index] to sigmas[index + 1] of the polynomial that is 1 at sigmas[index - k] and 0 at the other `order`
 * sigmas up to `index`. Two Gauss-Legendre nodes are exact up to the third degree.
 */
function lagrangeIntegral(sigmas: Float32Array, index: number, order: number, k: number): number {
  const [from, to] = [sigmas[index]!, sigmas[index + 1]!]
  const own = sigmas[index - k]!
  const others = [...sigmas.subarray(index - order + 1, index + 1)].filter((_, i) => i !== order - 1 - k)
  const basis = (tau: number): number => others.reduce((product, other) => (product * (tau - other)) / (own - other), 1)
  const [centre, half] = [(from + to) / 2, (to - from) / 2]
  const offset = half / Math.sqrt(3)
  return half * (basis(centre - offset) + basis(centre + offset))
}
