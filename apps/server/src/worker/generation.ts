// One generation: the request in the library's terms, the pipeline that it needs, and its frames.

import { type DenoiseStep, EngineError, joinFrames, type OverallProgress, type Settings, type Tensor, type Video } from 'kinora'
import type { Logger } from 'pino'
import type { VideoRequest } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import type { Pipeline, Pipelines } from './pipelines.ts'

export interface Listeners {
  readonly signal: AbortSignal
  readonly onProgress: (progress: OverallProgress) => void
  readonly onStep: (step: DenoiseStep) => void
}

/** A request whose pipeline is opened and whose values are checked. */
export interface Generation {
  readonly pipe: Pipeline
  readonly settings: Settings
  run(listeners: Listeners): Promise<GeneratedFrames>
}

export interface GeneratedFrames {
  /** The whole video, [1, F, H, W, 3] in [0, 1]. */
  readonly frames: Tensor<'float32'>
  /** What the model made of it; of a continued video the overlap and what is new. */
  readonly made: Video
}

interface Wanted {
  readonly model: string
  readonly request: VideoRequest
  /** Frames [F, H, W, 3] of the video that it starts from. */
  readonly input: Tensor<'float32'> | undefined
}

/** Rejects with ArgumentError for values that the model does not take, and with what opening it throws. */
export async function prepareGeneration(pipelines: Pipelines, { model, request, input }: Wanted): Promise<Generation> {
  const wish = { model, loras: request.lora }
  if (request.task === 'edit') return edit(pipelines, await pipelines.videoToVideo(wish), request, needed(input))
  const pipe = await pipelines.textToVideo(wish)
  const common = commonOptions(pipelines, pipe, request)
  if (request.task === 'generate') {
    const options = { ...common, numFrames: request.num_frames }
    return generation(pipe, pipe.resolve(options), (listeners) => pipe.generate({ ...options, ...callbacks(listeners) }))
  }
  const continueFrom = needed(input)
  const overlap = request.overlap ?? 1
  const options = { ...common, ...strengthOf(request), continueFrom, overlap, numFrames: request.num_frames + overlap }
  return generation(
    pipe,
    pipe.resolve(options),
    (listeners) => pipe.generate({ ...options, ...callbacks(listeners) }),
    (added) => joinFrames(continueFrom, added, overlap),
  )
}

/** `whole`: from what the model made to the video's frames, where these are more. */
function generation(
  pipe: Pipeline,
  settings: Settings,
  make: (listeners: Listeners) => Promise<Video>,
  whole: (made: Tensor<'float32'>) => Tensor<'float32'> = (made) => made,
): Generation {
  return {
    pipe,
    settings,
    async run(listeners) {
      const made = await make(listeners)
      return { made, frames: whole(made.frames) }
    },
  }
}

function edit(
  pipelines: Pipelines,
  pipe: Awaited<ReturnType<Pipelines['videoToVideo']>>,
  request: VideoRequest,
  video: Tensor<'float32'>,
): Generation {
  const options = { ...commonOptions(pipelines, pipe, request), ...strengthOf(request), video }
  return generation(pipe, pipe.resolve(options), (listeners) => pipe.generate({ ...options, ...callbacks(listeners) }))
}

function commonOptions(pipelines: Pipelines, pipe: Pipeline, request: VideoRequest) {
  pipelines.useScheduler(pipe, request.scheduler)
  return {
    prompt: request.prompt,
    negativePrompt: request.negative_prompt,
    width: request.width,
    height: request.height,
    numInferenceSteps: request.num_inference_steps,
    guidanceScale: request.guidance_scale,
    seed: request.seed,
  }
}

function strengthOf({ strength }: VideoRequest): { strength?: number } {
  return strength === undefined ? {} : { strength }
}

function callbacks({ signal, onProgress, onStep }: Listeners) {
  return {
    signal,
    onProgress,
    callbackOnStepEnd: (step: DenoiseStep) => {
      onStep(step)
      return undefined
    },
  }
}

function needed(input: Tensor<'float32'> | undefined): Tensor<'float32'> {
  if (!input) throw new ServerError('the request names no video to start from', { status: 400, code: 'input_missing', param: 'video' })
  return input
}

/** Runs it, and once more when its process was ended from outside: the system may have been short of memory for a moment. */
export async function runGeneration(
  pipelines: Pipelines,
  generation: Generation,
  listeners: Listeners,
  log: Logger,
): Promise<GeneratedFrames> {
  const { pipe } = generation
  await pipelines.makeRoom(pipe)
  try {
    return await generation.run(listeners)
  } catch (error) {
    const ended = error instanceof EngineError && pipe.enginePid === undefined && !listeners.signal.aborted
    if (!ended) throw error
    log.warn({ err: error }, 'the engine process was ended; trying once more')
    return generation.run(listeners)
  }
}
