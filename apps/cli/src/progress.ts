// Where a run stands: the library's progress, plus how fast the current phase goes and how long it
// still takes. Pure; the reporters show it.

import type { OverallProgress } from 'kinora'

export interface Progress extends Readonly<OverallProgress> {
  /** How far the whole video is, from 0 to 1. */
  readonly overall?: number
}

export interface PacedProgress extends Progress {
  /** Mean of this phase so far; absent before its first step. */
  readonly secondsPerStep?: number
  readonly secondsLeft?: number
}

/** Measures each phase from its first report. `now` is in milliseconds. */
export function createPace(now: () => number = () => performance.now()): (progress: Progress) => PacedProgress {
  let start = { phase: '', step: 0, time: 0 }
  return (progress) => {
    const { phase, step, total } = progress
    if (phase !== start.phase || step < start.step) start = { phase, step, time: now() }
    const done = step - start.step
    if (done === 0) return progress
    const secondsPerStep = (now() - start.time) / 1000 / done
    return { ...progress, secondsPerStep, secondsLeft: secondsPerStep * (total - step) }
  }
}
