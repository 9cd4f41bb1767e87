// The order of what waits, as its owner may change it: to the front, behind another one, cancelled while it waits.

import { and, eq, gt, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { users, videos } from '../db/schema.ts'
import { announce } from './channel.ts'

/** Where a new job goes: behind all others. Each status by itself, since each has its index; together they would read the whole table. */
const highest = (status: string) => sql`(select max(q.position) from ${videos} as q where q.status = ${sql.raw(`'${status}'`)})`
export const LAST = sql<number>`(coalesce(greatest(${highest('queued')}, ${highest('in_progress')}), 0) + 1)`

/** What waits has ended, what runs is to be ended by its worker, what has ended stays as it is. */
export const CANCELLED = {
  cancelRequested: sql`${videos.cancelRequested} or ${videos.status} in ('queued', 'in_progress')`,
  status: sql`case when ${videos.status} = 'queued' then 'cancelled' else ${videos.status} end`,
  completedAt: sql`case when ${videos.status} = 'queued' then now() else ${videos.completedAt} end`,
}

/** Moves a waiting job behind another one of the same owner, or to the front of them (`null`). False when it does not wait any more. */
export async function moveBehind(db: Database, userId: string, id: string, after: string | null): Promise<boolean> {
  const moved = await db.transaction(async (tx) => {
    // One move of a user at a time: two would find the same room.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')
    const waiting = and(eq(videos.userId, userId), eq(videos.status, 'queued'))
    const room = await roomBehind(tx, waiting, id, after)
    if (!room) return false
    let position = between(...room)
    if (position === undefined) {
      await spread(tx, userId)
      position = between(...(await roomBehind(tx, waiting, id, after))!)
    }
    const rows = await tx
      .update(videos)
      .set({ position: position! })
      .where(and(waiting, eq(videos.id, id)))
      .returning({ id: videos.id })
    return rows.length > 0
  })
  if (moved) await announce(db, id)
  return moved
}

/** Positions of the job that is to be before `id` and of the one after; undefined when `after` does not wait. */
async function roomBehind(
  db: Pick<Database, 'select'>,
  waiting: SQL | undefined,
  id: string,
  after: string | null,
): Promise<[number, number | undefined] | undefined> {
  const [before] =
    after === null
      ? [{ position: Number.NEGATIVE_INFINITY }]
      : await db
          .select({ position: videos.position })
          .from(videos)
          .where(and(waiting, eq(videos.id, after)))
  if (!before) return undefined
  const isBehind = Number.isFinite(before.position) ? gt(videos.position, before.position) : undefined
  const [next] = await db
    .select({ position: sql<number | null>`min(${videos.position})` })
    .from(videos)
    .where(and(waiting, isBehind, ne(videos.id, id)))
  return [before.position, next?.position ?? undefined]
}

/** Undefined where two neighbours are so close that no number lies between them. */
function between(before: number, next: number | undefined): number | undefined {
  if (next === undefined) return Number.isFinite(before) ? before + 1 : 1
  if (!Number.isFinite(before)) return next - 1
  const middle = (before + next) / 2
  return middle > before && middle < next ? middle : undefined
}

/** Gives all that a user has waiting whole numbers, in the order that they have. */
async function spread(db: Pick<Database, 'execute'>, userId: string): Promise<void> {
  await db.execute(sql`
    update ${videos} as v set position = o.place
    from (select id, row_number() over (order by position, id) as place from ${videos} where user_id = ${userId} and status = 'queued') as o
    where v.id = o.id and v.status = 'queued'`)
}

/** All of a user's jobs, or those that wait; as requestCancel. Says which. */
export async function requestCancelAll(db: Database, userId: string, scope: 'all' | 'waiting'): Promise<string[]> {
  const which = scope === 'all' ? inArray(videos.status, ['queued', 'in_progress']) : eq(videos.status, 'queued')
  const changed = await db
    .update(videos)
    .set(CANCELLED)
    .where(and(eq(videos.userId, userId), which, eq(videos.cancelRequested, false)))
    .returning({ id: videos.id })
  for (const { id } of changed) await announce(db, id)
  return changed.map(({ id }) => id)
}

/** A waiting job is cancelled at once; a running one as soon as its worker hears of it. False when it has ended already. */
export async function requestCancel(db: Database, userId: string, id: string): Promise<boolean> {
  const own = and(eq(videos.userId, userId), eq(videos.id, id))
  const changed = await db
    .update(videos)
    .set(CANCELLED)
    .where(and(own, sql`${videos.status} in ('queued', 'in_progress')`))
    .returning({ id: videos.id })
  if (changed.length > 0) await announce(db, id)
  return changed.length > 0
}
