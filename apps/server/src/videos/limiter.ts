// Lets only so many of something run at a time; the others wait in order.

/** `signal` takes a waiting one out of the line. */
export function limiter(most: number): <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task, signal) => {
    if (running >= most) await turn(waiting, signal)
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/** Who leaves hands its place on. */
function turn(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const called = () => {
      signal?.removeEventListener('abort', left)
      resolve()
    }
    const left = () => {
      waiting.splice(waiting.indexOf(called), 1)
      reject(signal?.reason instanceof Error ? signal.reason : new Error('nobody waits for it any more'))
    }
    waiting.push(called)
    if (signal?.aborted) left()
    else signal?.addEventListener('abort', left, { once: true })
  })
}
