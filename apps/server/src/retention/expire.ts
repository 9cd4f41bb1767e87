// Videos whose time has come: the row stays and says so, and names no file any more.

import { and, asc, inArray, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { videos } from '../db/schema.ts'
import { announce } from '../queue/channel.ts'
import type { Services } from '../services.ts'
import { holds, keysOf } from './held.ts'

const AT_ONCE = 50

export interface Expired {
  readonly id: string
  /** Those that it named. */
  readonly keys: readonly string[]
}

/** The next ones, the oldest first: those older than so many days and whose own time has come, or (`undefined`) simply the oldest. */
export async function expireNext(
  { db }: Pick<Services, 'db'>,
  which: { days: number | null } | undefined,
  most = AT_ONCE,
): Promise<Expired[]> {
  const expired = await db.transaction(async (tx) => {
    const rows = await tx
      .select({ id: videos.id, files: videos.files, request: videos.request })
      .from(videos)
      .where(and(notInArray(videos.status, ['queued', 'in_progress']), holds, which && isDue(which.days)))
      .orderBy(asc(videos.completedAt), asc(videos.id))
      .limit(most)
      .for('update', { skipLocked: true })
    const ids = rows.map(({ id }) => id)
    // `now()` is the transaction's, and what expires now counts as expired from now on.
    const expiresAt = sql`least(${videos.expiresAt}, now())`
    if (ids.length > 0) await tx.update(videos).set({ files: {}, expiresAt }).where(inArray(videos.id, ids))
    return rows.map((row) => ({ id: row.id, keys: keysOf(row) }))
  })
  for (const { id } of expired) await announce(db, id)
  return expired
}

function isDue(days: number | null): SQL | undefined {
  const byRow = sql`${videos.expiresAt} <= now()`
  return days === null ? byRow : or(byRow, sql`${videos.completedAt} <= now() - make_interval(secs => ${days * 86_400})`)
}
