// A request that is sent twice, because its answer was lost, makes one video: the header Idempotency-Key names the request,
// and for a day the key answers the video that it made.

import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { idempotencyKeys, videos } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { sha256 } from '../ids.ts'
import type { Job } from '../queue/take.ts'

/** What names a request, and what it was. */
export interface Named {
  readonly key: string
  readonly hash: string
}

const KEY = /^[\x20-\x7e\xa0-\xff]{1,255}$/
const KEPT = sql`now() - interval '24 hours'`

/** `wish`: plain data that is equal for equal requests, whatever the order of its keys. Throws ServerError for a key that is none. */
export function namedRequest(key: string, wish: unknown): Named {
  if (!KEY.test(key))
    throw new ServerError('the Idempotency-Key must have 1 to 255 printable characters', { status: 400, code: 'invalid_idempotency_key' })
  return { key, hash: sha256(JSON.stringify(sorted(wish))) }
}

/** The video that this key made; undefined for a new key. Throws ServerError when that was another request, or the video is deleted. */
export async function firstVideo(db: Database, userId: string, { key, hash }: Named): Promise<Job | undefined> {
  const [found] = await db
    .select({ hash: idempotencyKeys.requestHash, job: videos })
    .from(idempotencyKeys)
    .leftJoin(videos, eq(videos.id, idempotencyKeys.videoId))
    .where(and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key), sql`${idempotencyKeys.createdAt} >= ${KEPT}`))
  if (!found) return undefined
  if (found.hash !== hash)
    throw new ServerError('this Idempotency-Key was sent with another request: take a new key for a new one', {
      status: 422,
      code: 'idempotency_mismatch',
    })
  if (found.job && found.job.trashedAt === null) return found.job
  throw new ServerError('the video of this Idempotency-Key was deleted: take a new key to make another', {
    status: 410,
    code: 'video_deleted',
  })
}

/** In the transaction that makes the video; forgets what the user's older keys made. */
export async function rememberVideo(tx: Database, userId: string, { key, hash }: Named, videoId: string): Promise<void> {
  await tx.delete(idempotencyKeys).where(and(eq(idempotencyKeys.userId, userId), lt(idempotencyKeys.createdAt, KEPT)))
  await tx.insert(idempotencyKeys).values({ userId, key, requestHash: hash, videoId })
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]))
}
