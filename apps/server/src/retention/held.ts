// Which keys of the storage rows need: the files of every video, and what a video is or was made from. The latter is let go
// with the video's own files, or it would stay for ever.

import { and, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import type { StoredFile } from '../db/values.ts'
import type { Job } from '../queue/take.ts'

/** Ended, and neither expired nor to be treated so. */
const notExpired = sql`(${videos.expiresAt} is null or ${videos.expiresAt} > now())`
const hasFiles = sql`${videos.files} <> '{}'::jsonb`
const needsInput = and(sql`${videos.request} ? 'input'`, or(sql`${videos.status} in ('queued', 'in_progress')`, notExpired))

/** Rows that keep bytes from being removed. */
export const holds: SQL = or(hasFiles, needsInput)!

/** Every key that such a row names. */
export function keysOf({
  files,
  request,
}: {
  files: Readonly<Record<string, StoredFile>>
  request: Pick<Job['request'], 'input'>
}): string[] {
  const own = Object.values(files).map(({ key }) => key)
  return [...new Set(request.input === undefined ? own : [...own, request.input])]
}

/** Of these keys, those that some row needs. Both looks have their index. */
export async function heldKeys(db: Database, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const asked = sql.join(
    keys.map((key) => sql`${key}`),
    sql`, `,
  )
  const byFile = sql`exists (select from ${videos} where jsonb_path_query_array(${videos.files}, '$.*.key') ? k.key)`
  const byInput = sql`exists (select from ${videos} where ${needsInput} and ${videos.request} ->> 'input' = k.key)`
  const rows = await db.select({ key: sql<string>`k.key` }).from(sql`unnest(array[${asked}]::text[]) as k(key)`).where(or(byFile, byInput))
  return new Set(rows.map(({ key }) => key))
}
