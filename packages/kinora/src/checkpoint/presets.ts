// The published models that are known by name: what to expect of each and which settings suit it. The table lies in presets/.
// Nothing here decides how a checkpoint is read; a model without a preset works as well.

import { FINE_TUNES } from './presets/fine-tunes.ts'
import { MCM } from './presets/mcm.ts'
import { MODELSCOPE } from './presets/modelscope.ts'
import type { Preset } from './presets/preset.ts'
import { ZEROSCOPE } from './presets/zeroscope.ts'

export type { Preset } from './presets/preset.ts'

export const PRESETS: readonly Preset[] = [...MODELSCOPE, ...ZEROSCOPE, ...FINE_TUNES, ...MCM]

/** The preset of that name or alias; case and `_` for `-` do not matter. */
export function presetNamed(name: string): Preset | undefined {
  const wanted = plain(name)
  return PRESETS.find((preset) => [preset.name, ...preset.aliases].some((known) => plain(known) === wanted))
}

/**
 * The preset of a name (`zeroscope-xl`), of a repository (`cerspense/zeroscope_v2_XL`, also with `@revision` or `/subfolder`) or of a
 * folder. A folder is known by the repository in its path, as `models--owner--name` of the hub's cache or as `owner/name`, or else by
 * its last part alone: `./zeroscope_v2_576w` is taken for the published one, as is a preset's own name.
 */
export function findPreset(nameOrPath: string): Preset | undefined {
  const named = presetNamed(nameOrPath.split('@', 1)[0] ?? '')
  if (named) return named
  const parts = nameOrPath.split(/[\\/]+/).filter((part) => part !== '' && part !== '.')
  const { presets, rest } = ofRepository(parts)
  // A repository of several models is none of them as a whole.
  if (presets.length > 0) return presets.find(({ subfolder }) => subfolder === undefined || rest.includes(subfolder))
  const last = parts.at(-1) ?? ''
  return presetNamed(last) ?? ofRepositoryName(last)
}

/** Presets of the innermost repository in a path, and what follows it there. */
function ofRepository(parts: readonly string[]): { presets: readonly Preset[]; rest: readonly string[] } {
  for (let i = parts.length - 1; i >= 0; i--) {
    const cached = /^models--(.+)--(.+)$/.exec(parts[i] ?? '')
    const repo = cached ? `${cached[1]}/${cached[2]}` : `${parts[i]}/${parts[i + 1]?.split('@', 1)[0]}`
    const presets = presetsOfRepo(repo)
    if (presets.length > 0) return { presets, rest: parts.slice(cached ? i + 1 : i + 2) }
  }
  return { presets: [], rest: [] }
}

/** Every preset of `owner/name`. */
export function presetsOfRepo(repo: string): Preset[] {
  return PRESETS.filter(({ repos }) => repos.some((known) => known.toLowerCase() === repo.toLowerCase()))
}

function ofRepositoryName(name: string): Preset | undefined {
  const wanted = name.toLowerCase()
  return PRESETS.find(({ repos, subfolder }) => subfolder === undefined && repos.some((repo) => repo.toLowerCase().endsWith(`/${wanted}`)))
}

export interface WishedVideo {
  width?: number
  height?: number
  numFrames?: number
}

/** Sentences on what the model was not trained for; [] when the wish suits it or nothing is known. */
export function presetWarnings(preset: Preset, wish: WishedVideo): string[] {
  return [...frameWarnings(preset, wish.numFrames), ...sizeWarnings(preset, wish)]
}

function frameWarnings({ title, numFrames: trained, minFrames }: Preset, wished: number | undefined): string[] {
  if (wished === undefined) return []
  if (trained !== undefined && wished > trained)
    return [`${title} was trained on clips of ${trained} frames; with ${wished} the motion may stall or the picture fall apart`]
  if (minFrames !== undefined && wished < minFrames)
    return [`${title} is poor at fewer than ${minFrames} frames, as its card says; ${wished} are asked for`]
  return []
}

function sizeWarnings({ title, width, height }: Preset, wish: WishedVideo): string[] {
  if (width === undefined || height === undefined) return []
  const [w, h] = [wish.width ?? width, wish.height ?? height]
  const trained = `${title} was trained at ${width}x${height}`
  if (w > width || h > height) return [`${trained}; at ${w}x${h} the picture may repeat itself or fall apart`]
  if (w * h < 0.6 * width * height) return [`${trained}; at ${w}x${h} the picture may be coarse and lose its subject`]
  return []
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}
