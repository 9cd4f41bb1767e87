// What has to be done every now and then while a service runs. A chore never overlaps with itself; one that fails is logged and
// done again at its next time.

import type { Logger } from 'pino'

export interface Chore {
  readonly name: string
  readonly everySeconds: number
  readonly run: () => Promise<unknown>
}

/** Runs each chore now and at its intervals. The result stops them, and resolves when none runs any more. */
export function startChores(chores: readonly Chore[], log: Logger): () => Promise<void> {
  let stopped = false
  const timers = new Map<Chore, NodeJS.Timeout>()
  const running = new Map<Chore, Promise<void>>()
  const run = async (chore: Chore): Promise<void> => {
    try {
      await chore.run()
    } catch (error) {
      log.error({ err: error, chore: chore.name }, 'a chore failed')
    }
    if (!stopped)
      timers.set(
        chore,
        setTimeout(() => running.set(chore, run(chore)), chore.everySeconds * 1000),
      )
  }
  for (const chore of chores) running.set(chore, run(chore))
  return async () => {
    stopped = true
    for (const timer of timers.values()) clearTimeout(timer)
    await Promise.all(running.values())
  }
}
