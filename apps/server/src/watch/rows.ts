// Rows of videos in memory, so that a poll costs no query: a row is as good as new until the database says otherwise,
// and no longer than a few seconds, since that news may be lost. One that lies in the trash is not there.

import { and, inArray, isNull, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import type { Job } from '../queue/take.ts'
import { batched } from './batched.ts'

/** Rows asked for that nobody watches; beyond it the oldest go. */
const MOST_ROWS = 10_000

export interface Rows {
  /** From memory, or read together with whatever else is asked for. The same object while the row is the same. */
  get(id: string): Promise<Job | undefined>
  /** Reads it, whatever memory says. */
  read(id: string): Promise<Job | undefined>
  /** The next `get` reads it; without an id, that of any row. */
  outdate(id?: string): void
  isFresh(id: string): boolean
  /** Gives back the memory of rows that are too old to be used. */
  sweep(): void
}

interface Known {
  readonly job: Job | undefined
  /** Of the row, as the database counts them. */
  readonly version: string
  readonly until: number
}

export function rowMemory(db: Database, freshMs: number): Rows {
  const memory = new Map<string, Known>()
  const readRow = batched(async (ids) => {
    const found = await db
      .select({ job: videos, version: sql<string>`${videos}.xmin::text` })
      .from(videos)
      .where(and(inArray(videos.id, [...ids]), isNull(videos.trashedAt)))
    return new Map(found.map((row) => [row.job.id, row]))
  })
  const isFresh = (known: Known | undefined): known is Known => known !== undefined && known.until > performance.now()

  async function read(id: string): Promise<Job | undefined> {
    const before = memory.get(id)
    const pending: Known = { job: before?.job, version: before?.version ?? '', until: 0 }
    memory.set(id, pending)
    const row = await readRow(id)
    const job = row && row.version === pending.version ? pending.job : row?.job
    // Outdated or asked for again meanwhile: this answer is its asker's only.
    if (memory.get(id) !== pending) return job
    memory.delete(id)
    if (job) memory.set(id, { job, version: row!.version, until: performance.now() + freshMs })
    if (memory.size > MOST_ROWS) memory.delete(memory.keys().next().value!)
    return job
  }

  return {
    async get(id) {
      const known = memory.get(id)
      return isFresh(known) ? known.job : read(id)
    },
    read,
    outdate(id) {
      for (const each of id === undefined ? memory.keys() : [id]) {
        const known = memory.get(each)
        if (known) memory.set(each, { ...known, until: 0 })
      }
    },
    isFresh: (id) => isFresh(memory.get(id)),
    sweep() {
      for (const [id, known] of memory) if (!isFresh(known)) memory.delete(id)
    },
  }
}
