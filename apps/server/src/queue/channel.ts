// News of videos between processes that share the database: a changed video's id goes to everyone who listens. The news
// may be lost or come twice; who hears it reads the row.

import { sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'

export const CHANNEL = 'kinora_videos'

export async function announce(db: Pick<Database, 'execute'>, videoId: string): Promise<void> {
  await db.execute(sql`select pg_notify(${CHANNEL}, ${videoId})`)
}

/** Of many, in one statement. */
export async function announceAll(db: Pick<Database, 'execute'>, videoIds: readonly string[]): Promise<void> {
  if (videoIds.length === 0) return
  await db.execute(sql`select pg_notify(${CHANNEL}, id) from json_array_elements_text(${JSON.stringify(videoIds)}::json) as v(id)`)
}
