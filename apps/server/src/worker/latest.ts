// Passes on the newest of many values, no more often than so many milliseconds and one at a time; those between are left out.

export interface Latest<T> {
  push(value: T): void
  /** What was pushed is passed on no more; resolves when nothing is under way. */
  stop(): Promise<void>
}

/** `send` must not reject. The first value waits for `firstMs`. */
export function latest<T>(everyMs: number, send: (value: T) => Promise<void>, firstMs = 0): Latest<T> {
  let waiting: { value: T } | undefined
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let lastAt = performance.now() + firstMs - everyMs
  let stopped = false

  function go(): void {
    if (stopped || !waiting || timer || sending) return
    const wait = lastAt + everyMs - performance.now()
    if (wait > 0) timer = setTimeout(onTime, wait)
    else sending = sendWaiting(waiting.value)
  }

  function onTime(): void {
    timer = undefined
    go()
  }

  async function sendWaiting(value: T): Promise<void> {
    waiting = undefined
    lastAt = performance.now()
    await send(value)
    sending = undefined
    go()
  }

  return {
    push(value) {
      waiting = { value }
      go()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await sending
    },
  }
}
