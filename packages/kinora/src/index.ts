// The public API of Kinora.

export { ArgumentError, CheckpointError, EngineError, MediaError, UnsupportedConfigError } from './errors.ts'
export type { DenoiseOptions, GenerateOptions, Phase, Progress, Settings } from './pipelines/options.ts'
export type { DenoiseStep, LoadOptions, Video } from './pipelines/text-to-video.ts'
export { TextToVideoPipeline } from './pipelines/text-to-video.ts'
export { DDIMScheduler, DPMSolverMultistepScheduler, SCHEDULERS, schedulerFromConfig } from './schedulers/index.ts'
export type { Scheduler, SchedulerConfig } from './schedulers/scheduler.ts'
export { Generator, randn } from './tensor/random.ts'
export type { DType, Tensor } from './tensor/tensor.ts'
export { tensor } from './tensor/tensor.ts'
