// One client's stream of events. A client that reads slowly is not given everything later but the newest state once it
// reads again, so that it holds no more memory than that.

import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { WatchEvent } from './event.ts'

/** Written but not taken by the system for so long: nobody reads any more. */
const STALLED_MS = 60_000
/** For a client that is told to come again later. */
const LEAVE_MS = 2000

/** How long a browser waits before it comes again, in ms; the comment makes proxies pass on the headers. */
const BEGIN = Buffer.from('retry: 2000\n: watching\n\n')
const BEAT = Buffer.from(': alive\n\n')

export type AnswerHeaders = Readonly<Record<string, OutgoingHttpHeader | undefined>>

export interface EventStream {
  send(event: WatchEvent): void
  /** Something for proxies, and for finding out that the client is gone. */
  beat(): void
  /** Ends it without a last event: the client comes again. */
  end(): void
}

/** Answers with events only; `closed` is called once, whoever ends it. */
export function openEventStream(response: ServerResponse, headers: AnswerHeaders, closed: () => void): EventStream {
  // The body goes to the connection as it is, which costs half as much as chunks do: its end is the connection's.
  response.removeHeader('transfer-encoding')
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', connection: 'close', 'x-accel-buffering': 'no' })
  response.flushHeaders()
  const out = response.socket instanceof Socket ? response.socket : response
  /** The newest of each kind, while the client is behind. */
  const waiting = new Map<'state' | 'preview', WatchEvent>()
  let behindSince: number | undefined
  let ended = false

  function write(bytes: Buffer): void {
    if (!out.write(bytes)) behindSince ??= performance.now()
  }

  function end(): void {
    if (ended) return
    ended = true
    behindSince ??= performance.now()
    response.end()
  }

  function send(event: WatchEvent): void {
    if (ended) return
    if (behindSince !== undefined) {
      waiting.set(event.kind === 'preview' ? 'preview' : 'state', event)
      return
    }
    write(event.bytes)
    if (event.isLast) end()
  }

  function caughtUp(): void {
    if (ended) return
    behindSince = undefined
    const events = [...waiting.values()]
    waiting.clear()
    for (const event of events) send(event)
  }

  out.on('drain', caughtUp)
  response.once('close', () => {
    ended = true
    out.off('drain', caughtUp)
    closed()
  })
  write(BEGIN)
  return {
    send,
    beat() {
      if (behindSince === undefined) write(BEAT)
      else if (behindSince + STALLED_MS < performance.now()) response.destroy()
    },
    end() {
      end()
      setTimeout(() => response.destroy(), LEAVE_MS).unref()
    },
  }
}
