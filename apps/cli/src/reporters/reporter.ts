// What a run tells while it works, and the choice of how: events for programs, a bar for a person at
// a terminal, lines for a log. Errors are not told here; see errors.ts.

import type { SaveReport } from 'kinora'
import type { PlannedVideo, RunPlan } from '../plan.ts'
import type { Progress } from '../progress.ts'
import { jsonReporter } from './json.ts'
import { textReporter } from './text.ts'

export interface ItemReport {
  /** From 1, out of `total`. */
  readonly number: number
  readonly total: number
  readonly video: PlannedVideo
}

interface Summary {
  readonly videos: number
  readonly files: readonly string[]
  readonly seconds: number
}

export interface Reporter {
  /** The whole of a dry run's output. */
  readonly plan: (plan: RunPlan) => void
  readonly start: (item: ItemReport) => void
  readonly progress: (progress: Progress) => void
  readonly warning: (message: string) => void
  /** Worth knowing, and nothing to worry about. */
  readonly note: (message: string) => void
  readonly saved: (file: SaveReport) => void
  readonly done: (summary: Summary) => void
  /** Leaves the terminal clean; called however the run ends. */
  readonly stop: () => void
}

export function createReporter(json: boolean): Reporter {
  if (json) return jsonReporter()
  return textReporter(process.stderr.isTTY && process.env.TERM !== 'dumb')
}
