// Whether one more video may be asked for: the cap of the whole queue, and a user's own quota. What counts for a day is the
// table `usage`, which outlives videos; one that was cancelled before it began is not counted.

import { and, eq, lt, sql } from 'drizzle-orm'
import { quotaOf } from '../accounts/quota.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { usage, videos } from '../db/schema.ts'
import type { Quota } from '../db/values.ts'
import { ServerError } from '../errors.ts'

/** As in a quota, what was used of it. */
type Used = { readonly [Part in keyof Quota]: number }

interface Room {
  /** Waiting videos of everyone. */
  readonly waiting: number
  readonly used: Used
  /** Seconds until the oldest of the day does not count any more. */
  readonly nextDay: number
}

const SOON = 10
const A_DAY_AGO = sql`now() - interval '1 day'`

/** Throws ServerError (429) when there is no room for a video that takes so much work. */
export async function checkRoom(db: Database, config: Config, userId: string, work: number): Promise<void> {
  const quota = await quotaOf(db, config, userId)
  const { waiting, used, nextDay } = await roomOf(db, userId)
  if (waiting >= config.limits.queued)
    throw refused(
      `${waiting} videos wait, the most that may: yours would have been number ${waiting + 1}; ask again later`,
      'queue_full',
      SOON,
    )
  if (quota.queued !== null && used.queued >= quota.queued)
    throw refused(
      `you have ${used.queued} videos waiting or running and may have ${quota.queued}: wait for one, or cancel it`,
      'quota_queued',
      SOON,
    )
  if (quota.perDay !== null && used.perDay >= quota.perDay)
    throw refused(`you asked for ${used.perDay} videos within a day and may for ${quota.perDay}`, 'quota_per_day', nextDay)
  if (quota.workPerDay !== null && used.workPerDay + work > quota.workPerDay)
    throw refused(
      `this video takes ${work} (frames x pixels x steps), and ${Math.max(0, quota.workPerDay - used.workPerDay)} are left of your ${quota.workPerDay} a day: ask for less`,
      'quota_work_per_day',
      nextDay,
    )
}

export async function roomOf(db: Database, userId: string): Promise<Room> {
  const count = (where: ReturnType<typeof sql>) => sql<number>`(select count(*)::int from ${videos} as v where ${where})`
  const counted = sql`${usage.userId} = ${userId} and ${usage.at} > ${A_DAY_AGO}
    and not exists (select from ${videos} as v where v.id = ${usage.videoId} and v.status = 'cancelled' and v.started_at is null)`
  const [room] = await db
    .select({
      waiting: count(sql`v.status = 'queued'`),
      queued: count(sql`v.status = 'queued' and v.user_id = ${userId}`),
      running: count(sql`v.status = 'in_progress' and v.user_id = ${userId}`),
      perDay: sql<number>`count(*)::int`,
      work: sql<number>`coalesce(sum(${usage.work}), 0)::float8`,
      nextDay: sql<number>`coalesce(ceil(extract(epoch from min(${usage.at}) - (${A_DAY_AGO}))), 0)::int`,
    })
    .from(usage)
    .where(counted)
  const { waiting = 0, queued = 0, running = 0, perDay = 0, work = 0, nextDay = 0 } = room ?? {}
  return { waiting, used: { queued: queued + running, perDay, workPerDay: work }, nextDay: Math.max(1, nextDay) }
}

/** In the transaction that makes the video; forgets what the user asked for before. */
export async function recordUse(tx: Database, userId: string, videoId: string, work: number): Promise<void> {
  await tx.delete(usage).where(and(eq(usage.userId, userId), lt(usage.at, A_DAY_AGO)))
  await tx.insert(usage).values({ userId, videoId, work })
}

function refused(message: string, code: string, retryAfter: number): ServerError {
  return new ServerError(message, { status: 429, code, retryAfter })
}
