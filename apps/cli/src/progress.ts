// Where a run stands: the library's progress, plus how fast the current phase goes and how long it
// still takes. Pure; the reporters show it.

import type { Phase } from 'kinora'

export interface Progress {
  readonly phase: Phase | 'encoding video'
  /** Steps, frames or files done in this phase, out of `total`. */
  readonly step: number
  readonly total: number
}

export interface PacedProgress extends Progress {
  /** Mean of this phase so far; absent before its first step. */
  readonly secondsPerStep?: number
  readonly secondsLeft?: number
}

/** Measures each phase from its first report. `now` is in milliseconds. */
export function createPace(now: () => number = () => performance.now()): (progress: Progress) => PacedProgress {
  let start = { phase: '', step: 0, time: 0 }
  return ({ phase, step, total }) => {
    if (phase !== start.phase || step < start.step) start = { phase, step, time: now() }
    const done = step - start.step
    if (done === 0) return { phase, step, total }
    const secondsPerStep = (now() - start.time) / 1000 / done
    return { phase, step, total, secondsPerStep, secondsLeft: secondsPerStep * (total - step) }
  }
}
