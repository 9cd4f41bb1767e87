// Ctrl-C, SIGTERM and a closed terminal become an abort: the work stops, removes what is unfinished
// and ends the engine process. A second signal ends the program at once.

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

type Signal = keyof typeof EXIT_CODES

/** The reason of the abort. */
export class Interrupted extends Error {
  override name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: Signal) {
    super(signal === 'SIGINT' ? 'interrupted' : `ended by ${signal}`)
    this.exitCode = EXIT_CODES[signal]
  }
}

export interface Interrupts {
  readonly signal: AbortSignal
  stop(): void
}

export function listenForInterrupts(): Interrupts {
  const controller = new AbortController()
  const interrupt = (name: Signal) => {
    if (controller.signal.aborted) process.exit(EXIT_CODES[name])
    controller.abort(new Interrupted(name))
  }
  const names = Object.keys(EXIT_CODES) as Signal[]
  for (const name of names) process.on(name, interrupt)
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of names) process.off(name, interrupt)
    },
  }
}
