// Pages of videos, by when they were asked for; of all, or of those that match. What lies in the trash is in none.

import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import type { Job } from '../queue/take.ts'
import type { VideoObject } from './video-object.ts'

export interface Page {
  readonly jobs: readonly Job[]
  readonly hasMore: boolean
}

interface Filter {
  /** Every word of it, in any case, occurs in the prompt or begins the id. */
  readonly search?: string | undefined
  readonly model?: string | undefined
  readonly starred?: boolean | undefined
  readonly status?: VideoObject['status'] | undefined
}

export interface Wanted extends Filter {
  /** Undefined: of all users. */
  readonly userId: string | undefined
  readonly limit: number
  readonly order: 'asc' | 'desc'
  /** The last video of the page before. */
  readonly after?: string | undefined
}

/** Undefined when there is no video `after`. */
export async function listVideos(db: Database, { userId, limit, order, after, ...filter }: Wanted): Promise<Page | undefined> {
  const ofUser = userId === undefined ? undefined : eq(videos.userId, userId)
  let beyond: SQL | undefined
  if (after !== undefined) {
    // It marks the place even when it has come into the trash meanwhile, or does not match any more.
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
    .where(and(ofUser, beyond, isNull(videos.trashedAt), matching(filter)))
    .orderBy(sql`${videos.createdAt} ${direction}`, sql`${videos.id} ${direction}`)
    .limit(limit + 1)
  return { jobs: rows.slice(0, limit), hasMore: rows.length > limit }
}

function matching({ search = '', model, starred, status }: Filter): SQL | undefined {
  const words = search.split(/\s+/).filter((word) => word !== '')
  return and(
    model === undefined ? undefined : eq(videos.model, model),
    // As the index of what is starred says it.
    starred === undefined ? undefined : starred ? sql`${videos.starred}` : sql`not ${videos.starred}`,
    status && inArray(videos.status, status === 'failed' ? ['failed', 'cancelled'] : [status]),
    ...words.map(has),
  )
}

function has(word: string): SQL {
  const plain = word.replace(/[\\%_]/g, String.raw`\$&`)
  return sql`(${videos.request} ->> 'prompt' ilike ${`%${plain}%`} or ${videos.id} ilike ${`${plain}%`})`
}
