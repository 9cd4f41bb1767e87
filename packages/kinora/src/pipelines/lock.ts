// Lets one generation at a time use a pipeline; others wait in the order in which they asked.

export interface Lock {
  /** Waits for its turn and returns the function that ends it. */
  acquire(): Promise<() => void>
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createLock(): Lock {
  let last: Promise<void> = Promise.resolve()
  const acquire = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = last
    last = promise
    await before
    return resolve
  }
  return {
    acquire,
    run: async (work) => {
      const release = await acquire()
      try {
        return await work()
      } finally {
        release()
      }
    },
  }
}
