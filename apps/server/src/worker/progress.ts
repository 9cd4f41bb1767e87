// A job's progress as its row has it, from what the library reports: one percentage for all phases, and how long the rest takes,
// judged by the pace of the phases that are computed.

import { createOverall, type OverallProgress, type Settings } from 'kinora'
import type { JobProgress } from '../db/values.ts'

/** Done is only what can be fetched. */
const MOST_PERCENT = 99
/** What is loaded or written says nothing about the rest. */
const MEASURED: ReadonlySet<string> = new Set(['encoding frames', 'denoising', 'decoding'])

export interface ProgressOptions {
  /** Where an earlier attempt was: it never falls. */
  readonly atLeast?: number
  /** Milliseconds. */
  readonly now?: () => number
}

export function jobProgress(
  settings: Settings,
  { atLeast = 0, now = () => performance.now() }: ProgressOptions = {},
): (p: OverallProgress) => JobProgress {
  const overall = createOverall([settings])
  let start = { phase: '', share: 0, time: 0 }
  let secondsPerShare: number | undefined
  return ({ phase, step, total }) => {
    const share = overall(0, { phase, step, total })
    if (phase !== start.phase) start = { phase, share, time: now() }
    else if (MEASURED.has(phase) && share > start.share) secondsPerShare = (now() - start.time) / 1000 / (share - start.share)
    const percent = Math.min(MOST_PERCENT, Math.max(atLeast, Math.floor(1000 * share) / 10))
    const known = { percent, phase, step, total }
    return secondsPerShare === undefined
      ? known
      : { ...known, secondsLeft: Math.max(0, Number((secondsPerShare * (1 - share)).toPrecision(3))) }
  }
}
