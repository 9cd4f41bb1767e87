// Workers that are no longer heard of, and what becomes of their jobs: each is run once more, and the second time it
// is lost it has failed, since it may be what kills workers.

import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { videos, workers } from '../db/schema.ts'
import { announce } from './channel.ts'

const MOST_ATTEMPTS = 2

/** Frees the jobs of workers that were last heard of so many seconds ago, and forgets those workers. Safe from many processes at once. */
export async function reclaimLost(db: Database, seconds: number): Promise<{ again: string[]; failed: string[] }> {
  const result = await db.transaction(async (tx) => {
    await tx.delete(workers).where(lt(workers.heardAt, sql`now() - make_interval(secs => ${seconds})`))
    const alive = tx.select({ id: workers.id }).from(workers)
    const orphaned = and(eq(videos.status, 'in_progress'), or(isNull(videos.workerId), sql`${videos.workerId} not in ${alive}`))
    const failed = await tx
      .update(videos)
      .set({
        status: 'failed',
        errorCode: 'worker_lost',
        errorMessage: 'the machine that made this video stopped twice while it did',
        completedAt: sql`now()`,
      })
      .where(and(orphaned, sql`${videos.attempt} >= ${MOST_ATTEMPTS}`, eq(videos.cancelRequested, false)))
      .returning({ id: videos.id })
    const cancelled = await tx
      .update(videos)
      .set({ status: 'cancelled', completedAt: sql`now()` })
      .where(and(orphaned, eq(videos.cancelRequested, true)))
      .returning({ id: videos.id })
    const again = await tx
      .update(videos)
      .set({ status: 'queued', workerId: null, startedAt: null })
      .where(orphaned)
      .returning({ id: videos.id })
    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
    return { again: ids(again), failed: ids(failed), cancelled: ids(cancelled) }
  })
  for (const id of [...result.again, ...result.failed, ...result.cancelled]) await announce(db, id)
  return { again: result.again, failed: result.failed }
}

/**
 * Says that a worker lives, what it runs on and which models it has. False when its row was not there: it is new, or was taken for lost
 * and its jobs were given to others.
 */
export async function heartbeat(db: Database, worker: typeof workers.$inferInsert): Promise<boolean> {
  const { id: _id, startedAt: _startedAt, ...changes } = worker
  const [row] = await db
    .insert(workers)
    .values({ ...worker, heardAt: sql`now()` as never })
    .onConflictDoUpdate({ target: workers.id, set: { ...changes, heardAt: sql`now()` } })
    .returning({ known: sql<boolean>`xmax <> 0` })
  return row?.known ?? false
}

/** A worker that ends by itself. */
export async function leave(db: Database, workerIds: readonly string[]): Promise<void> {
  await db.delete(workers).where(inArray(workers.id, [...workerIds]))
}
