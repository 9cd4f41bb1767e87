// A video from its acceptance by the service to its bytes: asked for until it has ended. A poll costs the service next to
// nothing, and unlike a stream it passes every proxy and every short-lived runtime.

import { APICallError } from '@ai-sdk/provider'
import { delay } from '@ai-sdk/provider-utils'
import type { ServiceVideo } from './answers.ts'
import type { Service } from './service.ts'

/** How far a video is, for who wants to show it. */
export interface KinoraProgress {
  /** Of the video at the service. */
  readonly id: string
  readonly status: 'queued' | 'in_progress'
  readonly percent: number
  /** 1 is next; undefined when it does not wait. */
  readonly queuePosition: number | undefined
  readonly phase: string | undefined
  readonly step: number | undefined
  readonly totalSteps: number | undefined
  /** Estimated. */
  readonly secondsLeft: number | undefined
}

interface Waiting {
  readonly signal: AbortSignal | undefined
  readonly intervalMs: number
  readonly onProgress?: ((progress: KinoraProgress) => void) | undefined
}

/** Its completed row. Rejects with APICallError when it failed, and with the signal's reason. */
export async function untilCompleted(service: Service, id: string, waiting: Waiting): Promise<ServiceVideo> {
  const { signal, intervalMs, onProgress } = waiting
  for (;;) {
    const { value: video } = await service.video(id, signal)
    if (video.status === 'completed') return video
    if (video.status === 'failed') throw failure(video)
    onProgress?.(progressOf(video))
    await delay(intervalMs, signal && { abortSignal: signal })
  }
}

/** The service's sentence on a video that was not made. */
export function failureOf({ id, error }: ServiceVideo): string {
  return `the video ${id} was not made: ${error?.message ?? 'the service does not say why'}`
}

function failure(video: ServiceVideo): APICallError {
  return new APICallError({ message: failureOf(video), url: `/videos/${video.id}`, requestBodyValues: {}, data: video, isRetryable: false })
}

function progressOf(video: ServiceVideo): KinoraProgress {
  return {
    id: video.id,
    status: video.status === 'queued' ? 'queued' : 'in_progress',
    percent: video.progress,
    queuePosition: video.queue_position ?? undefined,
    phase: video.phase ?? undefined,
    step: video.step ?? undefined,
    totalSteps: video.total_steps ?? undefined,
    secondsLeft: video.seconds_left ?? undefined,
  }
}
