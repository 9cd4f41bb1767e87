// Wakes one who waits. A ring while nobody waits is kept for who waits next.

export interface Bell {
  ring(): void
  /** Until it rings, or for so long. */
  wait(ms: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(ms) {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        wake = resolve
        await promise
        wake = undefined
        clearTimeout(timer)
      }
      rung = false
    },
  }
}
