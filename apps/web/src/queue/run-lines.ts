// Queues several prompts one after the other. A refusal that concerns one line costs that line only; one that the next line would
// meet as well (no room, no service) ends the run. A line is sent again under its own key when its answer may have been lost.

import { ApiError } from '../api/client.ts'
import { newKey } from '../settings/request.ts'

interface Failure {
  readonly line: string
  readonly error: unknown
}

export interface Progress {
  readonly total: number
  readonly queued: number
  readonly failures: readonly Failure[]
  /** Not asked for yet, or not any more. */
  readonly left: readonly string[]
  /** What ended the run before its end; the line that met it is the first of `left`. */
  readonly endedBy?: unknown
}

interface Running {
  /** `key` is the same when the same line is sent again. */
  readonly send: (line: string, index: number, key: string) => Promise<unknown>
  /** Looked at between two lines: what is under way may have been accepted already. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  readonly pause?: (seconds: number, signal: AbortSignal) => Promise<void>
}

const MOST_TRIES = 3
const RETRY_SECONDS = 2
/** Refusals of this status do not concern the line. */
const OF_ALL: ReadonlySet<number> = new Set([401, 403, 429])

/** Never rejects. */
export async function runLines(lines: readonly string[], running: Running): Promise<Progress> {
  const run = newKey()
  let progress: Progress = { total: lines.length, queued: 0, failures: [], left: lines }
  for (const [index, line] of lines.entries()) {
    if (running.signal.aborted) break
    const error = await refusalOf(line, index, `${run}-${index}`, running)
    if (running.signal.aborted && isTemporary(error)) break
    if (error !== undefined && !isOfLine(error)) {
      progress = { ...progress, endedBy: error }
      break
    }
    const { queued, failures, left } = progress
    progress = {
      ...progress,
      queued: error === undefined ? queued + 1 : queued,
      failures: error === undefined ? failures : [...failures, { line, error }],
      left: left.slice(1),
    }
    running.onProgress(progress)
  }
  running.onProgress(progress)
  return progress
}

/** undefined when it was taken. */
async function refusalOf(line: string, index: number, key: string, { send, signal, pause = paused }: Running): Promise<unknown> {
  for (let tries = 1; ; ) {
    try {
      await send(line, index, key)
      return undefined
    } catch (error) {
      // A rate limit passes by itself, however often it is met.
      const isRate = error instanceof ApiError && error.code === 'rate_limit_exceeded'
      if (signal.aborted || !isTemporary(error) || (!isRate && tries++ >= MOST_TRIES)) return error
      await pause((error as ApiError).retryAfter ?? RETRY_SECONDS, signal)
      if (signal.aborted) return error
    }
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.code === 'rate_limit_exceeded')
}

function isOfLine(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && !OF_ALL.has(error.status)
}

function paused(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
