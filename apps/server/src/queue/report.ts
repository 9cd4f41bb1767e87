// What a worker says of the job that it has: progress, and how it ended. Every statement names worker and attempt, so
// that one which was given up for lost changes nothing any more, whatever it still sends.

import { and, eq, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import type { JobProgress, StoredFile } from '../db/values.ts'
import { announce } from './channel.ts'
import type { Job } from './take.ts'

export type Held = Pick<Job, 'id' | 'workerId' | 'attempt'>

/** False when the job is no longer this worker's, or was cancelled: then it stops. */
export async function reportProgress(db: Database, job: Held, progress: JobProgress): Promise<boolean> {
  const [row] = await db.update(videos).set({ progress }).where(held(job)).returning({ cancelled: videos.cancelRequested })
  await announce(db, job.id)
  return row !== undefined && !row.cancelled
}

/** Whether the job still is this worker's, and wanted. */
export async function standingOf(db: Database, job: Held): Promise<'held' | 'cancelled' | 'lost'> {
  const [row] = await db.select({ cancelled: videos.cancelRequested }).from(videos).where(held(job))
  if (!row) return 'lost'
  return row.cancelled ? 'cancelled' : 'held'
}

/** False when the job is no longer this worker's; its files are then nobody's. */
export function completeJob(
  db: Database,
  job: Held,
  files: Readonly<Record<string, StoredFile>>,
  keepFor: number | undefined,
  warnings: readonly string[] = [],
): Promise<boolean> {
  const expiresAt = keepFor === undefined ? null : sql`now() + make_interval(secs => ${keepFor})`
  return end(db, job, { status: 'completed', files, expiresAt, warnings: [...warnings] })
}

export function failJob(db: Database, job: Held, errorCode: string, errorMessage: string): Promise<boolean> {
  return end(db, job, { status: 'failed', errorCode, errorMessage })
}

export function cancelJob(db: Database, job: Held): Promise<boolean> {
  return end(db, job, { status: 'cancelled' })
}

/** Puts it back, at its old place: the worker drains. Not counted as an attempt. */
export function returnJob(db: Database, job: Held): Promise<boolean> {
  return end(db, job, { status: 'queued', workerId: null, startedAt: null, attempt: job.attempt - 1 })
}

async function end(db: Database, job: Held, change: PgUpdateSetSource<typeof videos>): Promise<boolean> {
  const done = change.status === 'queued' ? {} : { completedAt: sql`now()` }
  const rows = await db
    .update(videos)
    .set({ ...change, ...done })
    .where(held(job))
    .returning({ id: videos.id })
  if (rows.length > 0) await announce(db, job.id)
  return rows.length > 0
}

function held({ id, workerId, attempt }: Held) {
  return and(eq(videos.id, id), eq(videos.workerId, workerId!), eq(videos.attempt, attempt), eq(videos.status, 'in_progress'))
}
