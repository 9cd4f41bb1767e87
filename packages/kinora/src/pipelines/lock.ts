// Lets one generation at a time use a pipeline; others wait in the order in which they asked, and
// leave the queue at once when they are cancelled.

export interface Lock {
  /** Waits for its turn and returns the function that ends it. Rejects with the signal's reason. */
  acquire(signal?: AbortSignal): Promise<() => void>
}

export function createLock(): Lock {
  let last: Promise<void> = Promise.resolve()
  return {
    acquire: async (signal) => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
      const before = last
      last = finished
      try {
        await unlessAborted(before, signal)
      } catch (error) {
        void before.then(finish) // whoever comes next still waits for those before
        throw error
      }
      return finish
    },
  }
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
