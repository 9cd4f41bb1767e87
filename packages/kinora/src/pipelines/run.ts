// One generation under way: what its stages share.

import type { Scheduler } from '../schedulers/scheduler.ts'
import { isWithin } from './evaluations.ts'
import type { Parts } from './load.ts'
import type { MemoryLevers } from './memory.ts'
import { NO_LEVERS } from './memory.ts'
import type { GenerateOptions, Progress } from './options.ts'
import type { Settings } from './settings.ts'
import { stepsToRun } from './settings.ts'

export interface Run extends Pick<Parts, 'files' | 'sessions'> {
  scheduler: Scheduler
  options: GenerateOptions
  settings: Settings
  /** How the run saves memory; default: not at all. */
  plan?: MemoryLevers
  /** Collects what the user should know. */
  warn: (message: string) => void
}

/** Classifier-free guidance is on; then every UNet call carries an unconditional row per video as well. */
export function isGuided({ settings }: Run): boolean {
  return settings.guidanceScale > 1
}

/** Whether evaluation `index` of the run takes both halves. */
export function isGuidedAt(run: Run, index: number): boolean {
  const { guidanceInterval: interval } = run.settings
  return isGuided(run) && (interval === undefined || isWithin(interval, skippedOf(run) + index, run.scheduler.timesteps.length))
}

/** The halves of guidance run one after the other, on a model of one of them, which also serves the steps without guidance. */
export function runsHalves(run: Run): boolean {
  return isGuided(run) && (run.settings.guidanceInterval !== undefined || leversOf(run).halves)
}

export function leversOf({ plan = NO_LEVERS }: Run): MemoryLevers {
  return plan
}

/** The timesteps that the strength leaves; the scheduler is told where they begin. */
export function lastTimesteps(run: Run): readonly number[] {
  const skipped = skippedOf(run)
  run.scheduler.setBeginIndex?.(skipped)
  return run.scheduler.timesteps.slice(skipped)
}

/** Evaluations at the beginning of the schedule that the strength leaves out. */
function skippedOf({ scheduler, settings }: Run): number {
  return (settings.numInferenceSteps - stepsToRun(settings)) * scheduler.order
}

/** Tells the caller; the moment between two pieces of work, so an abort ends it here. */
export function report({ options }: Run, progress: Progress): void {
  options.signal?.throwIfAborted()
  options.onProgress?.(progress)
}
