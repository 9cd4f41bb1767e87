// Videos as the API shows them, made once for each state of a row, however many ask.

import type { Job } from '../queue/take.ts'
import type { VideoHub } from './hub.ts'
import { perState } from './per-state.ts'
import { toVideoObject, type VideoObject } from './video-object.ts'

const texts = new WeakMap<object, string>()

/** As `toVideoObject`; the same object while neither row nor place has changed. */
export const shownVideo = perState(toVideoObject)

/** Of an object that is never changed: its JSON. */
export function textOf(value: object): string {
  const known = texts.get(value)
  if (known !== undefined) return known
  const text = JSON.stringify(value)
  texts.set(value, text)
  return text
}

/** With its place in the queue. */
export async function showVideo(hub: VideoHub, job: Job): Promise<VideoObject> {
  return shownVideo(job, job.status === 'queued' ? await hub.position(job.id) : undefined)
}
