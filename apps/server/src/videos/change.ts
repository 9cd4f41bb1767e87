// Another wish for a video that still waits: it keeps its id and its place. What is not named stays as it is, the seed too.

import { and, eq, sql } from 'drizzle-orm'
import type { Identity } from '../accounts/identity.ts'
import { quotaOf } from '../accounts/quota.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { usage, videos } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { announce } from '../queue/channel.ts'
import type { Job } from '../queue/take.ts'
import type { Services } from '../services.ts'
import { ownVideo } from '../watch/own-video.ts'
import { findModel } from './models.ts'
import { moderate } from './moderation.ts'
import { roomOf } from './quota.ts'
import { resolveRequest, workOf } from './resolve.ts'
import { changedWish, type WishedValues } from './wish.ts'

export interface Changes extends WishedValues {
  readonly priority?: number | undefined
}

const MOST_TRIES = 5

/** Throws ServerError: as for a new video, and 409 for one that does not wait any more. */
export async function changeVideo(services: Services, identity: Identity, id: string, { priority, ...values }: Changes): Promise<Job> {
  const { config, hub } = services
  if (priority !== undefined && !identity.scopes.has('admin'))
    throw new ServerError('only administrators give priorities: leave it out', { status: 403, code: 'not_allowed', param: 'priority' })
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const job = await ownVideo(services, identity, id)
    if (job.status !== 'queued')
      throw new ServerError('only a video that waits can be changed: ask for a new one', { status: 409, code: 'video_not_waiting' })
    const request = resolveRequest(changedWish(job.request, values), await findModel(services, job.model), config)
    const { prompt, negative_prompt } = request
    if (prompt !== job.request.prompt || negative_prompt !== job.request.negative_prompt)
      await moderate({ prompt, negative_prompt, model: job.model, user: identity.name }, config)
    const changed = await replace(services, job, { request, work: workOf(request), priority: priority ?? job.priority })
    hub.changed(id)
    if (changed) return changed
  }
  throw new ServerError('somebody else changes this video at the same time: ask again', {
    status: 409,
    code: 'video_changed',
    retryAfter: 1,
  })
}

/** Undefined when the row is no longer what was looked at. */
function replace({ db, config }: Services, job: Job, values: Pick<Job, 'request' | 'work' | 'priority'>): Promise<Job | undefined> {
  return db.transaction(async (tx) => {
    await checkWork(tx, config, job.userId, values.work - job.work)
    const isSame = sql`${videos.request} = ${JSON.stringify(job.request)}::jsonb`
    const [changed] = await tx
      .update(videos)
      .set(values)
      .where(and(eq(videos.id, job.id), eq(videos.status, 'queued'), isSame))
      .returning()
    if (!changed) return undefined
    await tx.update(usage).set({ work: values.work }).where(eq(usage.videoId, job.id))
    await announce(tx, job.id)
    return changed
  })
}

async function checkWork(tx: Database, config: Config, userId: string, more: number): Promise<void> {
  if (more <= 0) return
  const { workPerDay } = await quotaOf(tx, config, userId)
  if (workPerDay === null) return
  const { used, nextDay } = await roomOf(tx, userId)
  if (used.workPerDay + more > workPerDay)
    throw new ServerError(
      `this takes ${more} more (frames x pixels x steps) than before, and you may have ${workPerDay} a day: ask for less`,
      {
        status: 429,
        code: 'quota_work_per_day',
        retryAfter: nextDay,
      },
    )
}
