// What was opened is closed in reverse, once, also when a later part could not be opened.

import type { Logger } from 'pino'

export interface Closers {
  /** Whether `close` was called. */
  readonly begun: boolean
  /** Resolves when all is closed. */
  readonly ended: Promise<void>
  add(name: string, close: () => Promise<void>): void
  /** Closes all; one that fails is logged and the others are closed all the same. Later calls wait for the first. */
  close(): Promise<void>
}

export function createClosers(log: Logger): Closers {
  const list: { name: string; close: () => Promise<void> }[] = []
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  let begun = false
  const closeAll = async () => {
    for (const { name, close } of list.toReversed())
      await close().catch((error: unknown) => log.error({ err: error, part: name }, 'could not be closed'))
  }
  return {
    get begun() {
      return begun
    },
    ended,
    add: (name, close) => void list.push({ name, close }),
    close() {
      if (!begun) void closeAll().then(resolve)
      begun = true
      return ended
    },
  }
}

/** Resolves with `closers.ended`; rejects when the workers end, or cannot begin, before anybody wanted that. */
export function endOf(closers: Closers, workers: Promise<void>): Promise<void> {
  const early = workers.then(
    () => {
      if (!closers.begun) throw new Error('a worker has ended by itself; the log says why')
      return closers.ended
    },
    (error: unknown) => {
      if (!closers.begun) throw error
      return closers.ended
    },
  )
  const end = Promise.race([closers.ended, early])
  end.catch(() => {}) // nobody has to wait for it
  return end
}
