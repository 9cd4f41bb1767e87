// What a user says of many videos at once: that they are starred, that they go to the trash, that they come back. Each answers
// the ids that it found, in the order in which they were given; what is not there, or another user's, is left out.

import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Identity } from '../accounts/identity.ts'
import { videos } from '../db/schema.ts'
import { announceAll } from '../queue/channel.ts'
import { CANCELLED } from '../queue/order.ts'
import type { Services } from '../services.ts'

type Parts = Pick<Services, 'db'>

export function starVideos(parts: Parts, identity: Identity, ids: readonly string[], starred: boolean): Promise<string[]> {
  return mark(parts, identity, ids, { starred }, isNull(videos.trashedAt))
}

/** What waits or runs is cancelled as well. Files stay where they are until retention/trash.ts removes the video. */
export function trashVideos(parts: Parts, identity: Identity, ids: readonly string[]): Promise<string[]> {
  return mark(parts, identity, ids, { ...CANCELLED, trashedAt: sql`now()` }, isNull(videos.trashedAt))
}

/** Also answers those that were not in the trash: they are there, as was asked. */
export function restoreVideos(parts: Parts, identity: Identity, ids: readonly string[]): Promise<string[]> {
  return mark(parts, identity, ids, { trashedAt: null })
}

async function mark(
  { db }: Parts,
  { userId, scopes }: Identity,
  ids: readonly string[],
  set: PgUpdateSetSource<typeof videos>,
  only?: SQL,
): Promise<string[]> {
  const allowed = scopes.has('admin') ? undefined : eq(videos.userId, userId)
  // Locked in one order by all, so that two requests with the same videos never wait for each other.
  const found = db
    .select({ id: videos.id })
    .from(videos)
    .where(and(inArray(videos.id, [...ids]), allowed, only))
    .orderBy(videos.id)
    .for('update')
  const rows = await db.update(videos).set(set).where(inArray(videos.id, found)).returning({ id: videos.id })
  const marked = new Set(rows.map(({ id }) => id))
  await announceAll(db, [...marked])
  return [...new Set(ids)].filter((id) => marked.has(id))
}
