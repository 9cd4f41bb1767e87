// A video that is removed for good: the row at once, and the bytes that were its alone.

import { and, eq, type SQL } from 'drizzle-orm'
import { videos } from '../db/schema.ts'
import { announce } from '../queue/channel.ts'
import type { Job } from '../queue/take.ts'
import type { Services } from '../services.ts'
import { keysOf } from './held.ts'
import { removeBytes } from './remove-bytes.ts'

/** False when it was gone already, or is not (any more) as `only` says. A worker that makes it notices by its next report. */
export async function removeVideo(
  services: Pick<Services, 'db' | 'storage' | 'log'>,
  { id }: Pick<Job, 'id'>,
  only?: SQL,
): Promise<boolean> {
  const { db, log } = services
  const [row] = await db
    .delete(videos)
    .where(and(eq(videos.id, id), only))
    .returning({ files: videos.files, request: videos.request })
  if (!row) return false
  await announce(db, id)
  await removeBytes(services, keysOf(row)).catch((error: unknown) =>
    log.warn({ err: error, video: id }, 'files of a removed video are still there'),
  )
  return true
}
