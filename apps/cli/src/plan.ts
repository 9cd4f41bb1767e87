// What a run is going to do, down to seeds and file names, settled before any weights are read: every
// bad argument is found here. `--dry-run` shows it and stops.

import type { DenoiseOptions, MemoryEstimate, Settings, TextToVideoPipeline } from 'kinora'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'
import type { ModelChoice } from './model.ts'
import type { PlannedFile } from './outputs.ts'
import { DEFAULT_OUTPUT, planOutputs } from './outputs.ts'
import { VERSION } from './version.ts'

export interface PlannedVideo {
  readonly settings: Settings
  /** Written into the files, so that the same video can be made again. */
  readonly request: Readonly<Record<string, unknown>>
  readonly files: readonly PlannedFile[]
}

export interface RunPlan {
  readonly model: { readonly name: string; readonly folder: string }
  readonly fps: number
  /** Bytes. */
  readonly memory: MemoryEstimate
  readonly videos: readonly PlannedVideo[]
}

const DEFAULT_FPS = 8
const MAX_FPS = 60

/** The library's options for these flags, but for prompt and seed. */
export function generateOptions(flags: GenerateFlags, { defaults }: ModelChoice): DenoiseOptions {
  const { numFrames, numInferenceSteps, guidanceScale } = defaults
  const given = {
    negativePrompt: flags.negative,
    numFrames: flags.frames ?? numFrames,
    numInferenceSteps: flags.steps ?? numInferenceSteps,
    guidanceScale: flags.guidance ?? guidanceScale,
    width: flags.width,
    height: flags.height,
    eta: flags.eta,
    clipSkip: flags.clipSkip,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Throws ArgumentError or UsageError for what cannot be done, MediaError for a place that cannot be written. */
export async function planRun(
  pipe: TextToVideoPipeline,
  model: ModelChoice,
  prompts: readonly string[],
  flags: GenerateFlags,
): Promise<RunPlan> {
  const fps = flags.fps ?? model.defaults.fps ?? DEFAULT_FPS
  if (!(fps >= 1 && fps <= MAX_FPS)) throw new UsageError(`--fps is ${fps}; it must be a number from 1 to ${MAX_FPS}`)
  const options = generateOptions(flags, model)
  const texts = prompts.flatMap((prompt) => Array.from({ length: flags.count ?? 1 }, () => prompt))
  const base = BigInt(pipe.resolve({ ...options, prompt: '', seed: flags.seed ?? -1 }).seed)
  const settings = texts.map((prompt, i) => pipe.resolve({ ...options, prompt, seed: base + BigInt(i) }))
  pipe.scheduler.setTimesteps(settings[0]!.numInferenceSteps) // not every scheduler takes every number of steps
  const items = settings.map(({ seed }, i) => ({ number: i + 1, prompt: texts[i]!, seed }))
  const files = await planOutputs(items, flags.out ?? [DEFAULT_OUTPUT], flags.force === true)
  return {
    model: { name: model.name, folder: model.folder },
    fps,
    memory: pipe.estimateMemory(settings[0]!),
    videos: settings.map((each, i) => ({ settings: each, request: requestOf(each, model, flags, fps), files: files[i]! })),
  }
}

/** One video has one prompt, so the lists of the settings become plain texts. */
function requestOf(
  settings: Settings,
  model: ModelChoice,
  { variant, schedulerConfig }: GenerateFlags,
  fps: number,
): Record<string, unknown> {
  return {
    kinora: VERSION,
    model: model.name,
    ...(variant === undefined ? {} : { variant }),
    ...settings,
    prompt: settings.prompt[0],
    negativePrompt: settings.negativePrompt[0],
    ...(schedulerConfig === undefined ? {} : { schedulerConfig }),
    fps,
  }
}
