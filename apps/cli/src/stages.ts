// The models of a run, one after the other: the first makes or redraws a video, the second, where it is
// asked for, enlarges the result. Both are opened and checked before the first one works.

import type { LoadOptions, Settings, TextToVideoOptions, Video, VideoToVideoOptions } from 'kinora'
import { TextToVideoPipeline, tensor, VideoToVideoPipeline } from 'kinora'
import type { GenerateFlags, Size } from './flags.ts'
import { loadOptions, machineOptions, present } from './load-options.ts'
import type { ModelChoice } from './model.ts'
import { chooseModel } from './model.ts'
import { UPSCALER } from './names.ts'
import { chooseScheduler } from './scheduler.ts'
import type { Source } from './source.ts'
import type { GivenTensors } from './tensors.ts'

/** What differs from video to video of one run. */
export interface Item {
  /** Absent where embeddings take its place. */
  readonly prompt: string | undefined
  readonly seed: bigint
}

/** What a stage tells while it works. */
export type Listeners = Pick<TextToVideoOptions, 'signal' | 'onProgress' | 'onWarning'>

export interface Stage {
  readonly model: ModelChoice
  readonly pipe: TextToVideoPipeline | VideoToVideoPipeline
  /** Effective settings; `before` are those of the stage whose video this one takes. */
  resolve(item: Item, before?: Settings): Settings
  generate(item: Item, listeners: Listeners, before?: Video): Promise<Video>
}

export interface Inputs {
  readonly source: Source | undefined
  readonly tensors: GivenTensors
}

/** Throws what opening a model throws. */
export async function openStages(flags: GenerateFlags, inputs: Inputs, listeners: Listeners): Promise<Stage[]> {
  const model = await chooseModel(flags.model)
  const options = loadOptions(flags, listeners)
  const first =
    inputs.source?.use === 'redraw'
      ? await redrawStage(model, options, flags, inputs.source, inputs.tensors)
      : await generateStage(model, options, flags, inputs)
  if (flags.upscale !== true) return [first]
  return [first, await upscaleStage(flags.upscaleModel ?? UPSCALER, machineOptions(flags, listeners), flags)]
}

async function generateStage(model: ModelChoice, load: LoadOptions, flags: GenerateFlags, { source, tensors }: Inputs): Promise<Stage> {
  const pipe = await TextToVideoPipeline.fromPretrained(model.source, load)
  prepare(pipe, model, flags)
  const size = source ? fitted(source, pipe.limits.scaleFactor) : {}
  const own = {
    ...sampling(flags, tensors),
    ...size,
    ...present({
      numFrames: flags.frames,
      width: flags.width,
      height: flags.height,
      loop: flags.loop,
      overlap: flags.overlap,
      strength: flags.strength,
    }),
    ...present({ latents: tensors.latents, continueFrom: source?.frames }),
  }
  return {
    model,
    pipe,
    resolve: (item) => pipe.resolve({ ...own, ...each(item) }),
    generate: (item, listeners) => pipe.generate({ ...own, ...each(item), ...listeners }),
  }
}

async function redrawStage(
  model: ModelChoice,
  load: LoadOptions,
  flags: GenerateFlags,
  { frames }: Source,
  tensors: GivenTensors,
): Promise<Stage> {
  const pipe = await VideoToVideoPipeline.fromPretrained(model.source, load)
  prepare(pipe, model, flags)
  const [, height, width] = frames.shape as [number, number, number, number]
  const size = flags.enlarge === true ? enlarged(pipe, { width, height }) : {}
  const own = {
    ...sampling(flags, tensors),
    ...size,
    ...present({ width: flags.width, height: flags.height, strength: flags.strength, loop: flags.loop }),
    video: frames,
  }
  return {
    model,
    pipe,
    resolve: (item) => pipe.resolve({ ...own, ...each(item) }),
    generate: (item, listeners) => pipe.generate({ ...own, ...each(item), ...listeners }),
  }
}

async function upscaleStage(source: string, load: LoadOptions, flags: GenerateFlags): Promise<Stage> {
  const model = await chooseModel(source)
  const pipe = await VideoToVideoPipeline.fromPretrained(model.source, load)
  prepare(pipe, model, flags)
  const own: VideoToVideoOptions = present({
    negativePrompt: flags.negative,
    promptWeights: flags.promptWeights,
    vaeTiling: flags.vaeTiling,
    loop: flags.loop,
    numInferenceSteps: flags.upscaleSteps,
    strength: flags.upscaleStrength,
  })
  const sized = (size: Size) => ({ ...own, ...(flags.upscaleSize ?? enlarged(pipe, size)) })
  return {
    model,
    pipe,
    resolve: (item, before) => {
      const { numFrames, height, width } = before!
      return pipe.resolve({ ...sized({ width, height }), ...each(item), video: tensor('float32', [numFrames, height, width, 3]) })
    },
    generate: (item, listeners, before) => {
      const { settings, frames } = before!
      return pipe.generate({ ...sized(settings), ...each(item), ...listeners, video: frames })
    },
  }
}

function prepare(pipe: Stage['pipe'], model: ModelChoice, flags: GenerateFlags): void {
  pipe.defaults = { ...pipe.defaults, ...model.defaults }
  if (flags.scheduler !== undefined || flags.schedulerConfig !== undefined)
    pipe.scheduler = chooseScheduler(pipe.scheduler, flags.scheduler, flags.schedulerConfig)
}

/** The library's options for the flags that every pipeline has. */
function sampling(flags: GenerateFlags, { promptEmbeds, negativePromptEmbeds }: GivenTensors) {
  return present({
    negativePrompt: flags.negative,
    promptWeights: flags.promptWeights,
    numInferenceSteps: flags.steps,
    guidanceScale: flags.guidance,
    guidanceRescale: flags.guidanceRescale,
    guidanceInterval: flags.guidanceInterval,
    cacheInterval: flags.cacheInterval,
    cacheDepth: flags.cacheDepth,
    vaeTiling: flags.vaeTiling,
    eta: flags.eta,
    clipSkip: flags.clipSkip,
    promptEmbeds,
    negativePromptEmbeds,
  })
}

function each({ prompt, seed }: Item): { prompt?: string; seed: bigint } {
  return { ...(prompt !== undefined && { prompt }), seed }
}

/** The model's own size where it is known, twice the video's otherwise. */
function enlarged(pipe: VideoToVideoPipeline, { width, height }: Size): Size {
  if (pipe.preset) return { width: pipe.defaults.width, height: pipe.defaults.height }
  const twice = (pixels: number) => 2 * pixels - ((2 * pixels) % pipe.limits.scaleFactor)
  return { width: twice(width), height: twice(height) }
}

/** The video's own size in whole latents. */
function fitted({ frames }: Source, factor: number): Size {
  const [, height, width] = frames.shape as [number, number, number, number]
  return { width: width - (width % factor), height: height - (height % factor) }
}
