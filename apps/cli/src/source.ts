// The video that a run starts from: one to redraw (--video) or one to continue (--extend).

import type { Tensor } from 'kinora'
import { readVideo } from 'kinora'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'

export interface Source {
  readonly use: 'redraw' | 'continue'
  readonly path: string
  /** [F, H, W, 3] in [0, 1] */
  readonly frames: Tensor<'float32'>
  readonly fps: number
  /** What was done to show it as it is meant. */
  readonly notes: readonly string[]
}

/** What each flag needs beside it, or cannot stand beside. */
const RULES: readonly (readonly [keyof GenerateFlags, needs: keyof GenerateFlags])[] = [
  ['overlap', 'extend'],
  ['upscaleModel', 'upscale'],
  ['upscaleSize', 'upscale'],
  ['upscaleStrength', 'upscale'],
  ['upscaleSteps', 'upscale'],
  ['cacheDepth', 'cacheInterval'],
]
const EXCLUDE: readonly (readonly [keyof GenerateFlags, keyof GenerateFlags])[] = [
  ['video', 'extend'],
  ['video', 'frames'],
  ['video', 'latents'],
  ['extend', 'loop'],
  ['extend', 'latents'],
  ['promptEmbeds', 'batchFile'],
  ['promptEmbeds', 'count'],
  ['promptEmbeds', 'upscale'],
  ['fast', 'scheduler'],
  ['guidanceInterval', 'cacheInterval'],
]

/** Throws UsageError for flags that contradict each other. */
export function checkFlags(flags: GenerateFlags): void {
  for (const [flag, needs] of RULES)
    if (flags[flag] !== undefined && flags[needs] === undefined) throw new UsageError(`${dashed(flag)} goes with ${dashed(needs)}`)
  if (flags.strength !== undefined && flags.video === undefined && flags.extend === undefined)
    throw new UsageError('--strength goes with --video or --extend')
  for (const [a, b] of EXCLUDE)
    if (flags[a] !== undefined && flags[b] !== undefined) throw new UsageError(`${dashed(a)} and ${dashed(b)} exclude each other`)
}

/** upscaleSize -> --upscale-size */
function dashed(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Reads the video that the flags name; undefined when they name none. */
export async function readSource({ video, extend, backend }: GenerateFlags, signal: AbortSignal): Promise<Source | undefined> {
  const path = video ?? extend
  if (path === undefined) return undefined
  const { frames, fps, notes } = await readVideo(path, { signal, backend: backend ?? 'auto' })
  return { use: video === undefined ? 'continue' : 'redraw', path, frames, fps, notes }
}
