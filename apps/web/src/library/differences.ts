// The settings of two videos side by side, and which of them differ. When they were asked for, and until when they are kept, are no
// settings.

import type { VideoObject } from '../api/types.ts'
import { type FactName, factsOf } from '../result/facts.ts'

export interface Difference {
  readonly name: FactName | 'prompt' | 'seed'
  /** Empty where the video has no such setting. */
  readonly values: readonly [string, string]
  /** Names and the user's own words. */
  readonly isVerbatim: boolean
  readonly isDifferent: boolean
}

const NO_SETTINGS: ReadonlySet<string> = new Set(['asked', 'expires', 'id'])

export function differencesOf(a: VideoObject, b: VideoObject, language: string): Difference[] {
  const [first, second] = [rowsOf(a, language), rowsOf(b, language)]
  // The order of the first, and what only the second has after it.
  const names = new Set([...first.keys(), ...second.keys()])
  return [...names].map((name) => {
    const [left, right] = [first.get(name), second.get(name)]
    const values = [left?.value ?? '', right?.value ?? ''] as const
    return {
      name,
      values,
      isVerbatim: (left ?? right)?.verbatim === true,
      isDifferent: values[0] !== values[1],
    }
  })
}

function rowsOf(video: VideoObject, language: string): Map<Difference['name'], { value: string; verbatim?: boolean }> {
  const facts = factsOf(video, language).filter(({ name }) => !NO_SETTINGS.has(name))
  return new Map<Difference['name'], { value: string; verbatim?: boolean }>([
    ['prompt', { value: video.prompt ?? '', verbatim: true }],
    ['seed', { value: String(video.seed), verbatim: true }],
    ...facts.map(({ name, ...fact }) => [name, fact] as const),
  ])
}
