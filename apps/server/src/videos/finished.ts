// The files of a video that has been made, for who reads them and for who makes another one of it.

import type { StoredFile } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import type { Job } from '../queue/take.ts'
import { errorOf } from '../watch/video-object.ts'

/** Seconds; for a video that is not ready. */
const LEAST_WAIT = 2
const MOST_WAIT = 30

/** By variant. `param`: the field that names the video. Throws ServerError (409, 410) for one that has none, or not yet. */
export function finishedFiles(job: Job, param?: string): Job['files'] & { readonly video: StoredFile } {
  const named = param === undefined ? {} : { param }
  const error = errorOf(job)
  if (error) throw new ServerError(`the video ${job.id} was not made: ${error.message}`, { status: 409, code: 'video_failed', ...named })
  if (job.status !== 'completed')
    throw new ServerError(`the video ${job.id} is not ready: wait until its status is completed`, {
      status: 409,
      code: 'video_not_ready',
      ...named,
      retryAfter: Math.min(MOST_WAIT, Math.max(LEAST_WAIT, job.progress?.secondsLeft ?? LEAST_WAIT)),
    })
  const { video } = job.files
  if (!video || (job.expiresAt && job.expiresAt <= new Date())) throw expired(`the video ${job.id}`, param)
  return { ...job.files, video }
}

export function expired(what: string, param?: string): ServerError {
  return new ServerError(`the file of ${what} is gone; it can be made again from its values`, {
    status: 410,
    code: 'video_expired',
    ...(param !== undefined && { param }),
  })
}
