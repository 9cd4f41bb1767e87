// Pages of videos, by when they were asked for.

import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import type { Job } from '../queue/take.ts'

export interface Page {
  readonly jobs: readonly Job[]
  readonly hasMore: boolean
}

/** Of one user, or of all. `after` is the last video of the page before; undefined when it is not there. */
export async function listVideos(
  db: Database,
  { userId, limit, order, after }: { userId: string | undefined; limit: number; order: 'asc' | 'desc'; after: string | undefined },
): Promise<Page | undefined> {
  const ofUser = userId === undefined ? undefined : eq(videos.userId, userId)
  let beyond: SQL | undefined
  if (after !== undefined) {
    const [last] = await db
      .select({ createdAt: videos.createdAt })
      .from(videos)
      .where(and(ofUser, eq(videos.id, after)))
    if (!last) return undefined
    const sign = order === 'asc' ? sql`>` : sql`<`
    beyond = sql`(${videos.createdAt}, ${videos.id}) ${sign} (${last.createdAt.toISOString()}::timestamptz, ${after})`
  }
  const direction = order === 'asc' ? sql`asc` : sql`desc`
  const rows = await db
    .select()
    .from(videos)
    .where(and(ofUser, beyond))
    .orderBy(sql`${videos.createdAt} ${direction}`, sql`${videos.id} ${direction}`)
    .limit(limit + 1)
  return { jobs: rows.slice(0, limit), hasMore: rows.length > limit }
}
