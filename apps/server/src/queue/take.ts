// Giving queued jobs to workers. One statement takes a job, so that two workers never have the same one: the
// highest priority first; among users, who has the fewest running, then who was served longest ago; among a user's
// own, their order.

import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { users, videos } from '../db/schema.ts'

export type Job = typeof videos.$inferSelect

/** What an earlier attempt came to: its percentage holds until this one is further, so that progress never falls. */
const SO_FAR = sql`case when ${videos.progress} is not null
  then jsonb_build_object('percent', ${videos.progress} -> 'percent', 'phase', 'starting', 'step', 0, 'total', 0) end`

/** Takes the next job that a worker with these models can run; undefined when there is none. */
export async function takeJob(db: Database, workerId: string, models: readonly string[]): Promise<Job | undefined> {
  if (models.length === 0) return undefined
  return db.transaction(async (tx) => {
    // Counted once for all users: one by one, each waiting video would have all that its owner ever made read again.
    const running = tx
      .select({ userId: videos.userId, count: sql<number>`count(*)`.as('count') })
      .from(videos)
      .where(eq(videos.status, 'in_progress'))
      .groupBy(videos.userId)
      .as('running')
    const next = tx
      .select({ id: videos.id })
      .from(videos)
      .innerJoin(users, eq(users.id, videos.userId))
      .leftJoin(running, eq(running.userId, videos.userId))
      .where(and(eq(videos.status, 'queued'), isNull(users.pausedAt), inArray(videos.model, [...models])))
      .orderBy(sql`${videos.priority} desc`, sql`coalesce(${running.count}, 0)`, sql`${users.servedAt} asc nulls first`, videos.position)
      .limit(1)
      .for('update', { of: videos, skipLocked: true })
    const [job] = await tx
      .update(videos)
      .set({ status: 'in_progress', workerId, attempt: sql`${videos.attempt} + 1`, startedAt: sql`now()`, progress: SO_FAR })
      .where(inArray(videos.id, next))
      .returning()
    if (job) await tx.update(users).set({ servedAt: sql`clock_timestamp()` }).where(eq(users.id, job.userId))
    return job
  })
}
