// Variations: the same video with the next seeds, asked for one after the other until one is refused.

import type { VideoObject } from '../api/types.ts'

export const VARIATIONS = 4

/** After the largest one comes 0. */
export function nextSeeds(seed: number, count = VARIATIONS): number[] {
  const most = Number.MAX_SAFE_INTEGER
  return Array.from({ length: count }, (_, i) => (seed > most - (i + 1) ? i - (most - seed) : seed + i + 1))
}

export interface Varied {
  readonly made: readonly VideoObject[]
  /** Of the first that was refused; those after it are not asked for. */
  readonly error?: unknown
}

export async function makeVariations(seed: number, make: (seed: number) => Promise<VideoObject>): Promise<Varied> {
  const made: VideoObject[] = []
  for (const next of nextSeeds(seed)) {
    try {
      made.push(await make(next))
    } catch (error) {
      return { made, error }
    }
  }
  return { made }
}
