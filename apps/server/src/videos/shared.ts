// Work that several may want at once is done once, and given up when none of them waits any more.

interface InWork<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  waiting: number
}

/** `make` gets a signal that is aborted when the last one who waits for this name has left. */
export function shared<T>(): (name: string, make: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T> {
  const inWork = new Map<string, InWork<T>>()

  function begin(name: string, make: (signal: AbortSignal) => Promise<T>): InWork<T> {
    const controller = new AbortController()
    const result = make(controller.signal).finally(() => {
      if (inWork.get(name) === work) inWork.delete(name)
    })
    const work: InWork<T> = { result, controller, waiting: 0 }
    inWork.set(name, work)
    return work
  }

  return async (name, make, signal) => {
    signal.throwIfAborted()
    const work = inWork.get(name) ?? begin(name, make)
    work.waiting++
    const left = Promise.withResolvers<never>()
    const leave = () => left.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([work.result, left.promise])
    } finally {
      signal.removeEventListener('abort', leave)
      work.waiting--
      if (work.waiting === 0) {
        // Who comes next begins anew.
        if (inWork.get(name) === work) inWork.delete(name)
        work.controller.abort(signal.reason)
        work.result.catch(() => {})
      }
    }
  }
}
