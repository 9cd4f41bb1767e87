// All open streams of events of this process: who watches what, heartbeats, and the end of those whose log-in or key is
// no longer good. What it costs grows with videos and log-ins, but for the writing itself.

import type { ServerResponse } from 'node:http'
import { ServerError } from '../errors.ts'
import type { Job } from '../queue/take.ts'
import { previewEvent, stateEvent } from './event.ts'
import { type AnswerHeaders, type EventStream, openEventStream } from './event-stream.ts'
import type { VideoHub } from './hub.ts'
import type { Preview } from './previews.ts'

const BEAT_MS = 15_000
/** How often it is asked whether who watches still may. */
const CHECK_MS = 5000
const MOST_STREAMS = 5000

interface Watcher {
  readonly videoId: string
  readonly preview: boolean
  /** What says who watches: those with the same one are asked about together. */
  readonly credential: string
  isStillAllowed(): Promise<boolean>
}

export interface EventStreams {
  /** Takes the answer over. Throws ServerError when there are too many. */
  open(response: ServerResponse, headers: AnswerHeaders, watcher: Watcher): void
  /** Ends all; clients come again. */
  close(): void
}

export function eventStreams(hub: VideoHub): EventStreams {
  const streams = new Map<EventStream, Watcher>()
  const beats = setInterval(() => {
    for (const stream of streams.keys()) stream.beat()
  }, BEAT_MS).unref()
  const checks = setInterval(() => {
    void checkAll(streams)
  }, CHECK_MS).unref()

  return {
    open(response, headers, watcher) {
      if (streams.size >= MOST_STREAMS)
        throw new ServerError('too many clients watch videos; ask for the state now and then instead', {
          status: 503,
          code: 'too_many_watchers',
          retryAfter: 10,
        })
      const stream = openEventStream(response, headers, () => {
        unwatch()
        streams.delete(stream)
      })
      const unwatch = hub.watch(watcher.videoId, sender(hub, stream, watcher))
      streams.set(stream, watcher)
    },
    close() {
      clearInterval(beats)
      clearInterval(checks)
      for (const stream of streams.keys()) stream.end()
    },
  }
}

function sender(hub: VideoHub, stream: EventStream, { videoId, preview }: Watcher) {
  let last: Preview | undefined
  async function sendPreview(): Promise<void> {
    const found = await hub.preview(videoId)
    if (!found || found === last) return
    last = found
    stream.send(previewEvent(found))
  }
  return (job: Job | undefined, position: number | undefined): void => {
    stream.send(stateEvent(videoId, job, position))
    // The next change tries again.
    if (preview && job?.status === 'in_progress') sendPreview().catch(() => {})
  }
}

async function checkAll(streams: ReadonlyMap<EventStream, Watcher>): Promise<void> {
  const byCredential = Map.groupBy(streams, ([, { credential }]) => credential)
  for (const group of byCredential.values()) {
    const [, watcher] = group[0]!
    // While the database does not answer, nobody is sent away.
    const allowed = await watcher.isStillAllowed().catch(() => true)
    if (!allowed) for (const [stream] of group) stream.end()
  }
}
