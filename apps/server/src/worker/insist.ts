// What has to be told to the database is told again when it does not answer: a finished video is not lost to a restart of
// PostgreSQL. What the database understood and refused is not tried again.

import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

const LEAST_WAIT_MS = 100
const MOST_WAIT_MS = 5000
/** SQLSTATE classes of statements that fail the same way next time: data exception, integrity violation, syntax error. */
const REFUSED = /^(22|23|42)/
/** Once the worker is to end; others free its jobs when it is not heard of. */
const LAST_TRIES = 5

export interface InsistOptions {
  readonly log: Logger
  /** The worker is to end: then it is not tried for much longer. */
  readonly leaving: AbortSignal
  /** What is told matters no more. */
  readonly signal?: AbortSignal
}

/** Rejects with the last failure, or with the signal's reason. */
export async function insist<T>(work: () => Promise<T>, { log, leaving, signal }: InsistOptions): Promise<T> {
  let tries = LAST_TRIES
  for (let wait = LEAST_WAIT_MS; ; wait = Math.min(2 * wait, MOST_WAIT_MS)) {
    try {
      return await work()
    } catch (error) {
      if (REFUSED.test(codeOf(error)) || (leaving.aborted && --tries === 0)) throw error
      log.warn({ err: error }, 'the end of a job cannot be told; trying again')
    }
    await (leaving.aborted ? delay(LEAST_WAIT_MS) : delay(wait, undefined, { signal: signal ?? leaving })).catch(() => {})
    signal?.throwIfAborted()
  }
}

/** The database's own code is in the cause of the query builder's error. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error ? String(error.code) : codeOf(error.cause)
}
