// One generation under way: what its stages share.

import type { Scheduler } from '../schedulers/scheduler.ts'
import type { Parts } from './load.ts'
import type { GenerateOptions, Progress } from './options.ts'
import type { Settings } from './settings.ts'
import { stepsToRun } from './settings.ts'

export interface Run extends Pick<Parts, 'files' | 'sessions'> {
  scheduler: Scheduler
  options: GenerateOptions
  settings: Settings
  /** Collects what the user should know. */
  warn: (message: string) => void
}

/** Classifier-free guidance is on; then every UNet call carries an unconditional row per video as well. */
export function isGuided({ settings }: Run): boolean {
  return settings.guidanceScale > 1
}

/** The timesteps that the strength leaves; the scheduler is told where they begin. */
export function lastTimesteps({ scheduler, settings }: Run): readonly number[] {
  const skipped = (settings.numInferenceSteps - stepsToRun(settings)) * scheduler.order
  scheduler.setBeginIndex?.(skipped)
  return scheduler.timesteps.slice(skipped)
}

/** Tells the caller; the moment between two pieces of work, so an abort ends it here. */
export function report({ options }: Run, progress: Progress): void {
  options.signal?.throwIfAborted()
  options.onProgress?.(progress)
}
