// What is known of a video that is being made, from its stream of events or from asking for it. No React, no network.

import type { VideoObject } from '../api/types.ts'

export interface VideoProgress {
  readonly status: 'queued' | 'in_progress'
  /** As the service names it: `queued`, `starting`, `denoising`, ... */
  readonly phase: string
  readonly step: number
  readonly total: number
  /** Never falls. */
  readonly percent: number
  /** Seconds; null while it is not known. */
  readonly eta: number | null
  /** 1 is next; null when it does not wait, or its user paused. */
  readonly queue_position: number | null
}

export function hasEnded({ status }: VideoObject): boolean {
  return status === 'completed' || status === 'failed'
}

/** Undefined for one that has ended. */
export function progressOf(video: VideoObject): VideoProgress | undefined {
  const { status } = video
  if (status !== 'queued' && status !== 'in_progress') return undefined
  return {
    status,
    phase: video.phase ?? (status === 'queued' ? 'queued' : 'starting'),
    step: video.step ?? 0,
    total: video.total_steps ?? 0,
    percent: video.progress,
    eta: video.seconds_left,
    queue_position: video.queue_position,
  }
}

/** What is shown next: an answer that was slower than an event does not turn the bar back. */
export function furthest(before: VideoProgress | undefined, next: VideoProgress): VideoProgress {
  return before && before.percent > next.percent ? { ...next, percent: before.percent } : next
}

export function isSameProgress(a: VideoProgress | undefined, b: VideoProgress | undefined): boolean {
  if (!a || !b) return a === b
  return a.status === b.status && a.phase === b.phase && a.step === b.step && a.queue_position === b.queue_position
}
