// The public API of Kinora.

export { cachedModels, modelStatus, pullModel, removeModel } from './checkpoint/hub/hub.node.ts'
export type {
  CachedModel,
  CachedOptions,
  CachedRevision,
  FileStatus,
  HubOptions,
  Int8Copy,
  ModelOptions,
  ModelStatus,
  PulledModel,
  PullOptions,
  PullProgress,
  RemovedModel,
} from './checkpoint/hub/hub.ts'
export type { SpecOptions } from './checkpoint/hub/spec.ts'
export type { CacheReport } from './checkpoint/kinora-folder.node.ts'
export { cacheReport } from './checkpoint/kinora-folder.node.ts'
export type { LoraDescription, LoraFormat } from './checkpoint/lora/lora.ts'
export type { Preset } from './checkpoint/presets.ts'
export { findPreset, PRESETS } from './checkpoint/presets.ts'
export { readTensors } from './checkpoint/read-tensors.ts'
export { ArgumentError, CheckpointError, EngineError, MediaError, UnsupportedConfigError } from './errors.ts'
export type { BackendName } from './media/backend.ts'
export type { BackendChoice, BackendReport } from './media/backends.node.ts'
export { mediaBackends } from './media/backends.node.ts'
export type { FitMode } from './media/fit.ts'
export { fitFrames } from './media/fit.ts'
export type { OutputForm } from './media/form.node.ts'
export { checkWritable, outputForm } from './media/form.node.ts'
export type { PictureForm } from './media/job.ts'
export { joinFrames } from './media/join.ts'
export { readMetadata } from './media/metadata.node.ts'
export type { PreprocessOptions } from './media/preprocess.ts'
export { preprocessVideo } from './media/preprocess.ts'
export type { ReadOptions, VideoFrames } from './media/read.node.ts'
export { readVideo } from './media/read.node.ts'
export type { ResampleFilter } from './media/resample.ts'
export type { FrameSize, Frames } from './media/resize.ts'
export { resizeFrames } from './media/resize.ts'
export type { SaveOptions, SaveReport } from './media/save.node.ts'
export { saveVideo } from './media/save.node.ts'
export type { GeneratedVideo } from './media/video.ts'
export type { LoadedLora, LoraSource } from './pipelines/adapters.ts'
export type { Precision } from './pipelines/device-check.ts'
export type { LoadOptions } from './pipelines/load.ts'
export type { MemoryEstimate } from './pipelines/memory.ts'
export type { MemoryPlan } from './pipelines/memory-plan.ts'
export type {
  DenoiseStep,
  GenerateOptions,
  Phase,
  Progress,
  TextToVideoOptions,
  VideoInput,
  VideoToVideoOptions,
} from './pipelines/options.ts'
export type { OverallProgress } from './pipelines/overall.ts'
export { createOverall } from './pipelines/overall.ts'
export type { DiffusionPipeline, Video } from './pipelines/pipeline.ts'
export type { PromptReport } from './pipelines/prompt-check.ts'
export { checkPrompt } from './pipelines/prompt-check.ts'
export type { Defaults, ModelLimits, Settings } from './pipelines/settings.ts'
export { TextToVideoPipeline } from './pipelines/text-to-video.ts'
export type { TextualInversionSource } from './pipelines/textual-inversions.ts'
export { VideoToVideoPipeline } from './pipelines/video-to-video.ts'
export type { DeviceReport, EngineReport } from './runtime/report.node.ts'
export { engineReport } from './runtime/report.node.ts'
export * from './schedulers/index.ts'
export type { SchedulerChoice } from './schedulers/names.ts'
export { findScheduler, SCHEDULER_NAMES } from './schedulers/names.ts'
export type { Scheduler, SchedulerClass, SchedulerConfig, StepOptions } from './schedulers/scheduler.ts'
export type { FloatDType } from './tensor/random.ts'
export { Generator, randn } from './tensor/random.ts'
export type { DataOf, DType, Tensor } from './tensor/tensor.ts'
export { tensor } from './tensor/tensor.ts'
