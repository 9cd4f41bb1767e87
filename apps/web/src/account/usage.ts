// What of a quota is used, and work in an amount that people know: videos with the model's usual settings.

import type { Capabilities } from '../api/types.ts'
import { workOf } from '../settings/estimate.ts'
import { NOTHING } from '../settings/settings.ts'

const BOUNDS = ['queued', 'per_day', 'work_per_day'] as const
type Bound = (typeof BOUNDS)[number]

export interface Usage {
  readonly bound: Bound
  readonly used: number
  /** null is no bound. */
  readonly most: number | null
  /** 0 to 1; a bound of nothing is all used. */
  readonly share: number
}

/** Work in usual videos; all other numbers as they are counted. */
export function usagesOf(capabilities: Capabilities): Usage[] {
  const { quota, used } = capabilities
  return BOUNDS.map((bound) => {
    const most = quota[bound]
    const share = most === null ? 0 : most === 0 ? 1 : Math.min(1, used[bound] / most)
    if (bound !== 'work_per_day') return { bound, used: used[bound], most, share }
    return {
      bound,
      used: usualVideos(used[bound], capabilities) ?? 0,
      most: most === null ? null : (usualVideos(most, capabilities) ?? 0),
      share,
    }
  })
}

/** Work as that many videos of the default model, made with nothing chosen; undefined where that model is unknown. */
export function usualVideos(work: number, capabilities: Capabilities): number | undefined {
  const one = workOf(NOTHING, capabilities)
  return one === undefined || one <= 0 ? undefined : work / one
}
