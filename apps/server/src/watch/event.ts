// What is sent to those who watch a video, as server-sent events (HTML standard, 9.2). Made once for each state of the
// video and shared by all its watchers.

import type { Job } from '../queue/take.ts'
import { perState } from './per-state.ts'
import type { Preview } from './previews.ts'
import { shownVideo, textOf } from './shown.ts'
import { errorOf, percentOf } from './video-object.ts'

/** `isLast` of the two after which nothing comes. */
export interface WatchEvent {
  readonly kind: 'progress' | 'preview' | 'completed' | 'failed'
  readonly bytes: Buffer
  readonly isLast: boolean
}

/** The id of the last event: a browser that comes back with it needs nothing more. */
export const LAST_ID = 'end'

const eventOfState = perState(newStateEvent)
const pictures = new WeakMap<Preview, WatchEvent>()

/** `job` is undefined for a video that was deleted. */
export function stateEvent(id: string, job: Job | undefined, position: number | undefined): WatchEvent {
  if (!job) return lastEvent('failed', { id, error: { code: 'video_deleted', message: 'the video was deleted' } })
  return eventOfState(job, position)
}

/** The picture of a video that is being made. */
export function previewEvent(preview: Preview): WatchEvent {
  const known = pictures.get(preview)
  if (known) return known
  const { step, jpeg } = preview
  const image = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64')
  const event = eventOf('preview', { step, image_url: `data:image/jpeg;base64,${image}` })
  pictures.set(preview, event)
  return event
}

export function hasEnded({ status }: Job): boolean {
  return status !== 'queued' && status !== 'in_progress'
}

function newStateEvent(job: Job, position: number | undefined): WatchEvent {
  if (hasEnded(job)) return lastEvent(errorOf(job) ? 'failed' : 'completed', shownVideo(job, undefined))
  const progress = job.status === 'in_progress' ? job.progress : null
  return eventOf('progress', {
    status: job.status,
    phase: progress?.phase ?? (job.status === 'queued' ? 'queued' : 'starting'),
    step: progress?.step ?? 0,
    total: progress?.total ?? 0,
    percent: percentOf(job),
    eta: progress?.secondsLeft ?? null,
    queue_position: position ?? null,
  })
}

function eventOf(kind: WatchEvent['kind'], data: object): WatchEvent {
  return { kind, bytes: Buffer.from(`event: ${kind}\nid: ${Date.now()}\ndata: ${textOf(data)}\n\n`), isLast: false }
}

function lastEvent(kind: 'completed' | 'failed', data: object): WatchEvent {
  return { kind, bytes: Buffer.from(`event: ${kind}\nid: ${LAST_ID}\ndata: ${textOf(data)}\n\n`), isLast: true }
}
