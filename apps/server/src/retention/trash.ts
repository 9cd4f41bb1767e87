// The trash: where videos lie for a while, seen by nobody, so that they can be taken back (videos/marks.ts). Here they go for
// good when that time is over.

import { sql } from 'drizzle-orm'
import { videos } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { removeVideo } from './remove-video.ts'

/** How long a video can be restored. */
export const TRASH_SECONDS = 900
const AT_ONCE = 50

/** Removes what has lain there for so long; says how many. One that is restored meanwhile stays. */
export async function emptyTrash(services: Pick<Services, 'db' | 'storage' | 'log'>): Promise<number> {
  const { db, log } = services
  const isDue = sql`${videos.trashedAt} <= now() - make_interval(secs => ${TRASH_SECONDS})`
  let removed = 0
  for (;;) {
    const due = await db.select({ id: videos.id }).from(videos).where(isDue).orderBy(videos.trashedAt).limit(AT_ONCE)
    for (const video of due) if (await removeVideo(services, video, isDue)) removed++
    if (due.length < AT_ONCE) break
  }
  if (removed > 0) log.info({ removed }, 'removed what lay in the trash')
  return removed
}
