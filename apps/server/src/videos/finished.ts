// The file of an earlier video that another one is made from.

import type { StoredFile } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import type { Job } from '../queue/take.ts'

const SOON = 2

/** `param`: the field that names it. Throws ServerError (409, 410) for one that has none, or not yet. */
export function finishedFile({ id, status, files, expiresAt }: Job, param?: string): StoredFile {
  const named = param === undefined ? {} : { param }
  if (status === 'queued' || status === 'in_progress')
    throw new ServerError(`the video ${id} is not ready: wait until its status is completed`, {
      status: 409,
      code: 'video_not_ready',
      ...named,
      retryAfter: SOON,
    })
  if (status !== 'completed')
    throw new ServerError(`the video ${id} was not made: take another one`, { status: 409, code: 'video_failed', ...named })
  if (!files.video || (expiresAt && expiresAt <= new Date())) throw expired(`the video ${id}`, param)
  return files.video
}

export function expired(what: string, param?: string): ServerError {
  return new ServerError(`the file of ${what} is gone: take another one, or upload it`, {
    status: 410,
    code: 'video_expired',
    ...(param !== undefined && { param }),
  })
}
