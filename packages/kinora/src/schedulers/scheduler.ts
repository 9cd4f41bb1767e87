// What every scheduler offers to a pipeline. One algorithm a file beside this one; names, defaults
// and arithmetic (float32 where torch computes in float32) are those of diffusers' schedulers.

import type { Generator } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** A scheduler's config as in scheduler_config.json: snake_case keys, every default filled in. */
export type SchedulerConfig = Readonly<Record<string, unknown>>

export interface StepOptions {
  /** DDIM's eta in [0, 1]: 0 is deterministic. Schedulers without it ignore it, as the reference does. */
  eta?: number
  /** Where a stochastic step draws its noise; the pipeline passes the one that drew the latents. */
  generator?: Generator
}

export interface Scheduler {
  /** diffusers' class name, for example `DDIMScheduler`. */
  readonly className: string
  readonly config: SchedulerConfig
  /** Standard deviation that the first latents must have. */
  readonly initNoiseSigma: number
  /** Model evaluations per step; progress counts them. */
  readonly order: number
  /** Timesteps in the order in which the pipeline walks them; filled by setTimesteps. */
  readonly timesteps: readonly number[]
  setTimesteps(numInferenceSteps: number): void
  /** Says that the run begins at this index of `timesteps` (video to video); there where the reference has set_begin_index. */
  setBeginIndex?(index: number): void
  /** Scales the model's input for this timestep; the identity for most. */
  scaleModelInput(sample: Tensor<'float32'>, timestep: number): Tensor<'float32'>
  /** One step of the reverse process: the sample of the next, less noisy timestep. Shapes are kept. */
  step(modelOutput: Tensor<'float32'>, timestep: number, sample: Tensor<'float32'>, options?: StepOptions): Tensor<'float32'>
  /** Noised samples at the given timesteps (one per batch row). */
  addNoise(original: Tensor<'float32'>, noise: Tensor<'float32'>, timesteps: readonly number[]): Tensor<'float32'>
}

/** A scheduler class: built from a (possibly foreign) config; absent keys take this class's own default. */
export interface SchedulerClass {
  fromConfig(config: Record<string, unknown>): Scheduler
}
