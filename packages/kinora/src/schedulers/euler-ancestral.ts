// Euler's method with ancestral noise: each step goes further down than the next sigma and comes back up with
// fresh noise. The sampler is k-diffusion's euler_ancestral; the split of the variance is that of DDPM, Ho et
// al. 2020. Options and arithmetic follow diffusers' scheduling_euler_ancestral_discrete.py.

import { type Tensor, tensor } from '../tensor/tensor.ts'
import { NOISE_FIELDS, positiveAlphasCumprod } from './beta.ts'
import { resolveConfig, type Values } from './config.ts'
import { addFreshNoise, checkSameShape } from './noising.ts'
import { predictionField } from './prediction.ts'
import type { SchedulerConfig, StepOptions } from './scheduler.ts'
import { spacedLevels, TIMESTEP_FIELDS } from './sigma-schedule.ts'
import { type SigmaRun, SigmaScheduler } from './sigma-scheduler.ts'
import { ancestralSplit, denoised, moved, slope } from './sigma-step.ts'

const FIELDS = { ...NOISE_FIELDS, ...TIMESTEP_FIELDS, prediction_type: predictionField }

export class EulerAncestralDiscreteScheduler extends SigmaScheduler<Values<typeof FIELDS> & SchedulerConfig> {
  readonly className = 'EulerAncestralDiscreteScheduler'

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    const resolved = resolveConfig('EulerAncestralDiscreteScheduler', FIELDS, config)
    super(resolved, positiveAlphasCumprod(resolved))
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): EulerAncestralDiscreteScheduler {
    return new EulerAncestralDiscreteScheduler(config)
  }

  protected plan(steps: number): SigmaRun {
    const { timesteps, sigmas } = spacedLevels(this.config, this.training, steps)
    return { timesteps, sigmas: Float32Array.from([...sigmas, 0]) }
  }

  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options: StepOptions = {}): Tensor<'float32'> {
    checkSameShape('modelOutput', modelOutput, 'sample', sample)
    const index = this.index.at(timestep)
    const sigma = this.sigmas[index]!
    const { down, up } = ancestralSplit(sigma, this.sigmas[index + 1]!)
    const original = denoised(this.config.prediction_type, sigma, modelOutput.data, sample.data)
    const out = moved(sample.data, slope(sample.data, original, sigma), Math.fround(down - sigma))
    addFreshNoise(out, up, options.generator, this.className)
    this.index.advance()
    return tensor('float32', sample.shape, out)
  }
}
