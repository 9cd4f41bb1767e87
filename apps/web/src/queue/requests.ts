// What this page asks of the service beyond api/videos.ts: order, changes, copies, pause, and cancelling many.

import { ask } from '../api/client.ts'
import type { QueueObject, VideoObject } from '../api/types.ts'
import type { Changes } from './changes.ts'
import type { Move } from './moves.ts'

export function moveVideo({ id, after }: Move): Promise<VideoObject> {
  return ask(`/v1/videos/${encodeURIComponent(id)}/move`, { method: 'POST', body: { after } })
}

/** It keeps its place. 409 when it does not wait any more. */
export function changeVideo(id: string, changes: Changes): Promise<VideoObject> {
  return ask(`/v1/videos/${encodeURIComponent(id)}`, { method: 'PATCH', body: changes })
}

/** The same again at the end of the queue, with what it starts from; `changes` replace what they name. */
export function copyVideo({ id, prompt }: VideoObject, changes: Changes): Promise<VideoObject> {
  return ask(`/v1/videos/${encodeURIComponent(id)}/remix`, { method: 'POST', body: { prompt: prompt ?? '', ...changes } })
}

/** Answers the ids of those that were. */
export function cancelVideos(scope: 'all' | 'waiting'): Promise<{ cancelled: string[] }> {
  return ask('/v1/videos/cancel', { method: 'POST', body: { scope } })
}

export function pauseQueue(): Promise<QueueObject> {
  return ask('/v1/queue/pause', { method: 'POST' })
}

export function resumeQueue(): Promise<QueueObject> {
  return ask('/v1/queue/resume', { method: 'POST' })
}
