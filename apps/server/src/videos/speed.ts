// How fast models are, as their last videos show: seconds for one unit of work (frames x pixels x steps, which quotas count
// too). The median, so that one video during which the machine did something else does not count for much.

import { and, desc, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { models, videos } from '../db/schema.ts'
import { type Remembered, remembered } from '../watch/remembered.ts'

const LAST_VIDEOS = 20
const HOLDS_MS = 15_000

const known = new WeakMap<Database, Remembered<Map<string, number>>>()

/** By model; those that made no video are missing. At most some seconds old. */
export function secondsPerWork(db: Database): Promise<Map<string, number>> {
  let memory = known.get(db)
  if (!memory) {
    memory = remembered(HOLDS_MS, () => measure(db))
    known.set(db, memory)
  }
  return memory.get()
}

/** Its index (videos_ended) has each model's last ones first, so this costs the same however many there are. */
async function measure(db: Database): Promise<Map<string, number>> {
  const last = db
    .select({ speed: sql<number>`extract(epoch from ${videos.completedAt} - ${videos.startedAt}) / ${videos.work}`.as('speed') })
    .from(videos)
    .where(and(eq(videos.model, models.name), eq(videos.status, 'completed'), gt(videos.work, 0), isNotNull(videos.startedAt)))
    .orderBy(desc(videos.completedAt))
    .limit(LAST_VIDEOS)
    .as('last')
  const rows = await db
    .select({ model: models.name, speed: sql<number>`(percentile_cont(0.5) within group (order by ${last.speed}))::float8` })
    .from(models)
    .innerJoinLateral(last, sql`true`)
    .groupBy(models.name)
  return new Map(rows.map(({ model, speed }) => [model, speed]))
}
