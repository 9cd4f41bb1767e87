// What a run is going to do, down to seeds and file names, settled before any weights are read: every
// bad argument is found here. `--dry-run` shows it and stops.

import { basename } from 'node:path'
import type { MemoryEstimate, MemoryPlan, Settings } from 'kinora'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'
import { DEFAULT_OUTPUT } from './names.ts'
import type { PlannedFile } from './outputs.ts'
import { planOutputs } from './outputs.ts'
import type { Source } from './source.ts'
import type { Item, Stage } from './stages.ts'
import { VERSION } from './version.ts'

export interface PlannedVideo {
  readonly item: Item
  /** Of each stage. */
  readonly settings: readonly [Settings, ...Settings[]]
  /** Written into the files, so that the same video can be made again. */
  readonly request: Readonly<Record<string, unknown>>
  readonly files: readonly PlannedFile[]
}

export interface RunPlan {
  /** Of each stage. */
  readonly models: readonly { readonly name: string; readonly source: string }[]
  readonly fps: number
  /** Bytes, of the stage that takes most. */
  readonly memory: MemoryEstimate
  /** How each stage saves memory; [] where nothing is saved. */
  readonly measures: readonly (readonly string[])[]
  /** More memory is needed than is free. */
  readonly tooLarge: boolean
  readonly videos: readonly PlannedVideo[]
}

const MIN_FPS = 1
const MAX_FPS = 60

/** Throws ArgumentError or UsageError for what cannot be done, MediaError for a place that cannot be written. */
export async function planRun(
  stages: readonly Stage[],
  prompts: readonly (string | undefined)[],
  flags: GenerateFlags,
  source: Source | undefined,
): Promise<RunPlan> {
  const fps = chooseFps(flags, source, stages[0]!)
  const texts = prompts.flatMap((prompt) => Array.from({ length: flags.count ?? 1 }, () => prompt))
  const base = BigInt(stages[0]!.resolve({ prompt: texts[0], seed: flags.seed ?? -1n }).seed)
  const items = texts.map((prompt, i): Item => ({ prompt, seed: base + BigInt(i) }))
  const resolved = items.map((item) => resolveAll(stages, item))
  const plans = stages.map(({ pipe }, i): MemoryPlan => pipe.planMemory(resolved[0]![i]!))
  const settings = resolved.map(
    (each) => each.map((own, i) => (plans[i]!.tiles ? { ...own, vaeTiling: true as const } : own)) as typeof each,
  )
  for (const [i, { pipe }] of stages.entries()) pipe.scheduler.setTimesteps(settings[0]![i]!.numInferenceSteps) // not every scheduler takes every number
  const names = items.map(({ prompt }, i) => ({ number: i + 1, prompt: prompt ?? 'video', seed: settings[i]![0].seed }))
  const files = await planOutputs(names, flags.out ?? [DEFAULT_OUTPUT], flags.force === true)
  return {
    models: stages.map(({ model }) => ({ name: model.name, source: model.source })),
    fps,
    memory: plans.map(({ estimate }) => estimate).reduce((a, b) => (b.total > a.total ? b : a)),
    measures: plans.map(({ measures }) => measures),
    tooLarge: plans.some(({ tooLarge }) => tooLarge),
    videos: items.map((item, i) => ({
      item,
      settings: settings[i]!,
      request: requestOf(settings[i]!, stages, flags, fps, source),
      files: files[i]!,
    })),
  }
}

function resolveAll(stages: readonly Stage[], item: Item): [Settings, ...Settings[]] {
  const first = stages[0]!.resolve(item)
  return [first, ...stages.slice(1).map((stage) => stage.resolve(item, first))]
}

/** What the user says, else what the source plays at, else what suits the model. */
function chooseFps({ fps }: GenerateFlags, source: Source | undefined, { pipe }: Stage): number {
  if (fps === undefined) return Math.min(Math.max(source?.fps ?? pipe.defaults.fps, MIN_FPS), MAX_FPS)
  if (!(fps >= MIN_FPS && fps <= MAX_FPS)) throw new UsageError(`--fps is ${fps}; it must be a number from ${MIN_FPS} to ${MAX_FPS}`)
  return fps
}

/** One video has one prompt, so the lists of the settings become plain texts; no path of this machine is kept. */
function requestOf(
  [settings, upscaled]: readonly Settings[],
  stages: readonly Stage[],
  { variant, schedulerConfig, latents, promptEmbeds, embedding }: GenerateFlags,
  fps: number,
  source: Source | undefined,
): Record<string, unknown> {
  const [first, second] = stages as [Stage, Stage | undefined]
  return {
    kinora: VERSION,
    model: first.model.name,
    ...(variant === undefined ? {} : { variant }),
    ...(first.pipe.loras.length > 0 && { loras: first.pipe.loras.map(({ name, scale }) => ({ name, scale })) }),
    ...(embedding && { embeddings: embedding.map((path) => basename(path)) }),
    ...settings,
    prompt: settings!.prompt[0],
    negativePrompt: settings!.negativePrompt[0],
    ...(schedulerConfig === undefined ? {} : { schedulerConfig }),
    ...(source && { [source.use === 'redraw' ? 'video' : 'continueFrom']: basename(source.path) }),
    ...(latents !== undefined && { latents: basename(latents) }),
    ...(promptEmbeds !== undefined && { promptEmbeds: basename(promptEmbeds) }),
    ...(upscaled && { upscale: { model: second!.model.name, ...withoutPrompt(upscaled) } }),
    fps,
  }
}

/** Of the second stage, whose prompts are the first one's. */
function withoutPrompt(settings: Settings): object {
  const { prompt: _, negativePrompt: __, ...rest } = settings
  return rest
}
