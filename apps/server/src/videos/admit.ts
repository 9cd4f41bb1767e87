// A resolved request becomes a row of the queue, in one transaction: what was asked before under the same key, the cap, the
// quotas, the row. Acceptances come one after the other, whatever server they come to, so that none of the counts can be
// outrun. Once it is committed, the video is accepted for good.

import { sql } from 'drizzle-orm'
import type { Identity } from '../accounts/identity.ts'
import type { Database } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import type { VideoRequest } from '../db/values.ts'
import { newId } from '../ids.ts'
import { announce } from '../queue/channel.ts'
import { LAST } from '../queue/order.ts'
import type { Job } from '../queue/take.ts'
import { withKeys } from '../retention/keys.ts'
import type { Services } from '../services.ts'
import { firstVideo, type Named, rememberVideo } from './idempotency.ts'
import { checkRoom, recordUse } from './quota.ts'
import { workOf } from './resolve.ts'
import type { FoundSource } from './source.ts'

export interface Admission {
  readonly model: string
  readonly request: VideoRequest
  readonly priority: number
  readonly remixedFrom: string | null
  readonly found: FoundSource | undefined
  readonly named: Named | undefined
}

export interface Accepted {
  readonly job: Job
  /** It was accepted before, under the same key. */
  readonly repeated: boolean
}

/** Of the advisory lock; no meaning. */
const ADMISSION = 4_817_302_155
const MOST_TRIES = 3

/** Throws ServerError when there is no room, and when the source's bytes cannot be had. */
export async function admit(services: Services, identity: Identity, admission: Admission): Promise<Accepted> {
  const { found } = admission
  for (let tries = 1; ; tries++) {
    const keys = found ? [found.source.key] : []
    const accepted = await withKeys(services.db, keys, (tx) => insert(services, tx, identity, admission))
    if (accepted) return accepted
    await found?.store()
    if (tries === MOST_TRIES) throw new Error('the bytes of an upload are removed again and again')
  }
}

/** Undefined when the source's bytes are not there. */
async function insert(services: Services, tx: Database, { userId }: Identity, admission: Admission): Promise<Accepted | undefined> {
  const { model, request, priority, remixedFrom, found, named } = admission
  await tx.execute(sql`select pg_advisory_xact_lock(${ADMISSION})`)
  const first = named && (await firstVideo(tx, userId, named))
  if (first) return { job: first, repeated: true }
  if (found && (await services.storage.size(found.source.key)) === undefined) return undefined
  const work = workOf(request)
  await checkRoom(tx, services.config, userId, work)
  const id = newId('video')
  const values = { id, userId, model, request, priority, remixedFrom, work, warnings: [...(found?.notes ?? [])] }
  const [job] = await tx
    .insert(videos)
    .values({ ...values, position: LAST as never })
    .returning()
  await recordUse(tx, userId, id, work)
  if (named) await rememberVideo(tx, userId, named, id)
  await announce(tx, id)
  return { job: job!, repeated: false }
}
