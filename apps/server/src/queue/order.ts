// The order of what waits, as its owner may change it: to the front, behind another one, cancelled while it waits.

import { and, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import { announce } from './channel.ts'

/** Where a new job goes: behind all others. */
export const LAST = sql<number>`(select coalesce(max(q.position), 0) + 1 from ${videos} as q)`

/** Moves a waiting job behind another one of the same owner, or to the front of them (`null`). False when it does not wait any more. */
export async function moveBehind(db: Database, userId: string, id: string, after: string | null): Promise<boolean> {
  const moved = await db.transaction(async (tx) => {
    const waiting = and(eq(videos.userId, userId), eq(videos.status, 'queued'))
    const [before] =
      after === null
        ? [{ position: Number.NEGATIVE_INFINITY }]
        : await tx
            .select({ position: videos.position })
            .from(videos)
            .where(and(waiting, eq(videos.id, after)))
    if (!before) return false
    const [next] = await tx
      .select({ position: sql<number | null>`min(${videos.position})` })
      .from(videos)
      .where(and(waiting, Number.isFinite(before.position) ? gt(videos.position, before.position) : undefined, sql`${videos.id} <> ${id}`))
    const position = between(before.position, next?.position ?? undefined)
    const rows = await tx
      .update(videos)
      .set({ position })
      .where(and(waiting, eq(videos.id, id)))
      .returning({ id: videos.id })
    return rows.length > 0
  })
  if (moved) await announce(db, id)
  return moved
}

function between(before: number, next: number | undefined): number {
  if (next === undefined) return Number.isFinite(before) ? before + 1 : 1
  return Number.isFinite(before) ? (before + next) / 2 : next - 1
}

/** A waiting job is cancelled at once; a running one as soon as its worker hears of it. False when it has ended already. */
export async function requestCancel(db: Database, userId: string, id: string): Promise<boolean> {
  const own = and(eq(videos.userId, userId), eq(videos.id, id))
  const changed = await db
    .update(videos)
    .set({
      cancelRequested: true,
      status: sql`case when ${videos.status} = 'queued' then 'cancelled' else ${videos.status} end`,
      completedAt: sql`case when ${videos.status} = 'queued' then now() end`,
    })
    .where(and(own, sql`${videos.status} in ('queued', 'in_progress')`))
    .returning({ id: videos.id })
  if (changed.length > 0) await announce(db, id)
  return changed.length > 0
}
