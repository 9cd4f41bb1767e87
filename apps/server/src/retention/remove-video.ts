// A video that its owner removes: the row at once, and the bytes that were its alone.

import { eq } from 'drizzle-orm'
import { videos } from '../db/schema.ts'
import { announce } from '../queue/channel.ts'
import type { Job } from '../queue/take.ts'
import type { Services } from '../services.ts'
import { keysOf } from './held.ts'
import { removeBytes } from './remove-bytes.ts'

/** False when it was gone already. A worker that makes it notices by its next report. */
export async function removeVideo(services: Pick<Services, 'db' | 'storage' | 'log'>, { id }: Pick<Job, 'id'>): Promise<boolean> {
  const { db, log } = services
  const [row] = await db.delete(videos).where(eq(videos.id, id)).returning({ files: videos.files, request: videos.request })
  if (!row) return false
  await announce(db, id)
  await removeBytes(services, keysOf(row)).catch((error: unknown) =>
    log.warn({ err: error, video: id }, 'files of a removed video are still there'),
  )
  return true
}
