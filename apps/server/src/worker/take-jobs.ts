// The loop of a worker: takes a job, performs it, takes the next one; waits for news where there is none.

import { setTimeout as delay } from 'node:timers/promises'
import { takeJob } from '../queue/take.ts'
import type { Bell } from './bell.ts'
import { performJob, type Workplace } from './perform.ts'
import type { Presence } from './presence.ts'
import { type RunningJob, runningJob } from './running-job.ts'

export interface Taking {
  readonly id: string
  readonly models: readonly string[]
  readonly place: Workplace
  readonly presence: Presence
  /** Rings when there may be a job. */
  readonly bell: Bell
  /** What it is at, for whoever has news of it. */
  running: RunningJob | undefined
  draining: boolean
  /** Takes no further job. */
  drain(): void
}

/** Looks for jobs without being told: news may be lost. */
const POLL_MS = 2000
/** Between two looks that found nothing, however much news there is. */
const LEAST_GAP_MS = 100

/** Resolves when it drains and its last job has ended. */
export async function takeJobs(taking: Taking): Promise<void> {
  const { place, presence, bell } = taking
  let settled = true
  while (!taking.draining) {
    try {
      if (!settled) await presence.rejoin()
      // Until it is through, the database may think that this worker has a job that it has not.
      settled = false
      const found = await takeOne(taking)
      settled = true
      if (found) continue
    } catch (error) {
      place.log.error({ err: error }, 'a job could not be taken, or its end not be told')
    }
    await delay(LEAST_GAP_MS)
    if (!taking.draining) await bell.wait(POLL_MS)
  }
}

async function takeOne(taking: Taking): Promise<boolean> {
  const { place, id, models } = taking
  const job = await takeJob(place.db, id, models)
  if (!job) return false
  const running = runningJob(place.db, job, place.log)
  if (place.leaving.aborted) running.interrupt('returned')
  taking.running = running
  try {
    await performJob(place, running)
  } finally {
    taking.running = undefined
  }
  return true
}
