// What keeps the service from making videos just now. Asked for by anyone, so that an answer holds for a moment: many
// questions cost one look.

import { count, gt, sql } from 'drizzle-orm'
import { workers } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { checkStorage } from '../storage/open.ts'

const HOLDS_MS = 2000
const PATIENCE_MS = 5000

/** The result looks, and tells a sentence for each thing that is missing. */
export function createReadiness({ config, db, storage, log }: Services): () => Promise<string[]> {
  let last: { readonly at: number; readonly missing: Promise<string[]> } | undefined
  const heard = gt(workers.heardAt, sql`now() - make_interval(secs => ${config.lostAfterSeconds})`)

  /** A sentence when the work fails or takes too long, and for what it finds. */
  async function failing(sentence: string, work: () => Promise<string | undefined>): Promise<string[]> {
    try {
      const found = await inTime(work())
      return found === undefined ? [] : [found]
    } catch (err) {
      log.warn({ err }, sentence)
      return [sentence]
    }
  }

  async function look(): Promise<string[]> {
    const missing = await Promise.all([
      failing('the database does not answer', async () => {
        const [row] = await db.select({ alive: count() }).from(workers).where(heard)
        return row?.alive === 0 ? 'no worker is alive' : undefined
      }),
      failing('the storage takes no files', async () => {
        await checkStorage(storage)
        return undefined
      }),
    ])
    return missing.flat()
  }

  return () => {
    if (!last || performance.now() - last.at > HOLDS_MS) last = { at: performance.now(), missing: look() }
    return last.missing
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
