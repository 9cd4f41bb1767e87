// Euler's method along the probability flow, a straight step from one sigma to the next: Karras et al. 2022,
// "Elucidating the Design Space of Diffusion-Based Generative Models", algorithm 2 without its second-order
// correction and without churn. Options and arithmetic follow diffusers' scheduling_euler_discrete.py.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { NOISE_FIELDS, positiveAlphasCumprod } from './beta.ts'
import { oneOf, resolveConfig, type Values } from './config.ts'
import { log32 } from './float32-log.ts'
import { checkSameShape } from './noising.ts'
import type { SchedulerConfig } from './scheduler.ts'
import { checkRespacing, RESPACING_FIELDS, respacedLevels, spacedLevels, TIMESTEP_FIELDS } from './sigma-schedule.ts'
import { type SigmaRun, SigmaScheduler } from './sigma-scheduler.ts'
import { denoised, moved, slope } from './sigma-step.ts'
import { linspace } from './spacing.ts'

const f = Math.fround

const FIELDS = {
  ...NOISE_FIELDS,
  ...RESPACING_FIELDS,
  ...TIMESTEP_FIELDS,
  prediction_type: oneOf(['epsilon', 'sample', 'v_prediction'], 'epsilon', { original_sample: 'sample' }),
  interpolation_type: oneOf(['linear', 'log_linear'], 'linear'),
  timestep_type: oneOf(['discrete', 'continuous'], 'discrete'),
  final_sigmas_type: oneOf(['zero', 'sigma_min'], 'zero'),
}

export class EulerDiscreteScheduler extends SigmaScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  readonly className = 'EulerDiscreteScheduler'

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('EulerDiscreteScheduler', FIELDS, config)
    super(resolved, positiveAlphasCumprod(resolved))
    checkRespacing(resolved)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): EulerDiscreteScheduler {
    return new EulerDiscreteScheduler(config)
  }

  protected plan(steps: number): SigmaRun {
    const { config, training } = this
    const spaced = spacedLevels(config, training, steps)
    const plain = config.interpolation_type === 'linear' ? spaced : { ...spaced, sigmas: logLinear(training, steps + 1) }
    const levels = respacedLevels(config, plain, training)
    const final = config.final_sigmas_type === 'zero' ? 0 : training[0]!
    const sigmas = Float32Array.from([...levels.sigmas, final])
    const continuous = config.timestep_type === 'continuous' && config.prediction_type === 'v_prediction'
    const timesteps = continuous ? [...sigmas.subarray(0, steps)].map((sigma) => 0.25 * f(Math.log(sigma))) : levels.timesteps.map(f)
    return { timesteps, sigmas }
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const [sigma, next] = [this.sigmas[index]!, this.sigmas[index + 1]!]
    const original = denoised(this.config.prediction_type, sigma, modelOutput.data, sample.data)
    const out = moved(sample.data, slope(sample.data, original, sigma), f(next - sigma))
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }
}

/** `count` sigmas evenly spaced in their logarithms over the whole training schedule, from high to low. */
function logLinear(training: Float32Array, count: number): number[] {
  return linspace(log32(training.at(-1)!), log32(training[0]!), count).map((log) => f(Math.exp(f(log))))
}
