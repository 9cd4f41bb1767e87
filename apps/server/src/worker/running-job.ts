// The job that a worker is at: interrupted from outside, and by what the database says of it.

import type { Logger } from 'pino'
import type { Database } from '../db/open.ts'
import { standingOf } from '../queue/report.ts'
import type { Job } from '../queue/take.ts'
import { Interruption, type Why } from './interruption.ts'

export interface RunningJob {
  readonly job: Job
  /** Its reason is an Interruption. */
  readonly signal: AbortSignal
  interrupt(why: Why): void
  /** Asks the database whether the job is still wanted from this worker. Never rejects; any number of calls at a time come to one or two. */
  check(): Promise<void>
}

export function runningJob(db: Database, job: Job, log: Logger): RunningJob {
  const controller = new AbortController()
  let checking: Promise<void> | undefined
  let again = false

  function interrupt(why: Why): void {
    if (!controller.signal.aborted) controller.abort(new Interruption(why))
  }

  async function look(): Promise<void> {
    try {
      do {
        again = false
        const standing = await standingOf(db, job)
        if (standing !== 'held') interrupt(standing)
      } while (again && !controller.signal.aborted)
    } catch (error) {
      log.debug({ err: error }, 'the job cannot be looked up')
    } finally {
      checking = undefined
    }
  }

  return {
    job,
    signal: controller.signal,
    interrupt,
    check() {
      again = true
      checking ??= look()
      return checking
    },
  }
}
