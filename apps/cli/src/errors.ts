// What the user is told when something goes wrong, and the exit code: one sentence and, where it
// helps, a hint. Stack traces are for developers: KINORA_DEBUG=1 shows them.

import { setTimeout as sleep } from 'node:timers/promises'
import { CommanderError } from 'commander'
import { Interrupted } from './interrupt.ts'

/** The command line asks for something impossible: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** The command was right and could not be done: exit code 1. */
export class Failure extends Error {
  override name = 'Failure'
  readonly hint: string | undefined

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** Errors of the library and the service whose message is meant for the user. */
const EXPECTED = new Set([
  'ArgumentError',
  'CheckpointError',
  'UnsupportedConfigError',
  'EngineError',
  'MediaError',
  'UsageError',
  'Failure',
  'ServerError',
  'ConfigError',
])
const USAGE = new Set(['ArgumentError', 'UsageError', 'ConfigError'])

/** The library's names in messages, as the command line calls them. */
const FLAGS: Readonly<Record<string, string>> = {
  numFrames: '--frames',
  numInferenceSteps: '--steps',
  guidanceScale: '--guidance',
  clipSkip: '--clip-skip',
  guidanceRescale: '--guidance-rescale',
  guidanceInterval: '--guidance-interval',
  cacheInterval: '--cache-interval',
  cacheDepth: '--cache-depth',
  strength: '--strength',
  overlap: '--overlap',
  height: '--height',
  width: '--width',
  seed: '--seed',
  eta: '--eta',
  fps: '--fps',
  device: '--device',
  precision: '--precision',
  threads: '--threads',
  memoryLimit: '--memory-limit',
  compiledCache: '--compiled-cache',
  vaeTiling: '--vae-tiling',
}

interface Told {
  readonly message: string
  readonly hint: string | undefined
  readonly exitCode: number
}

/** A Ctrl-C reaches our child processes too, and their end may be noticed before our own signal is. */
const SIGNAL_DELAY_MS = 100

/** Tells the user about an error, on standard error and with `json` as an event on standard output too. Resolves to the exit code. */
export async function explain(error: unknown, { json, signal }: { json: boolean; signal: AbortSignal }): Promise<number> {
  if (error instanceof Error && !signal.aborted && /^(EngineError|MediaError|BackendMissing)$/.test(error.name))
    await sleep(SIGNAL_DELAY_MS)
  const told = describe(signal.aborted ? signal.reason : error)
  if (told.exitCode === 0) return 0
  if (json) process.stdout.write(`${JSON.stringify({ event: 'error', ...told })}\n`)
  process.stderr.write(`kinora: ${told.message}\n${told.hint === undefined ? '' : `${told.hint}\n`}`)
  if (process.env.KINORA_DEBUG === '1') console.error(error)
  return told.exitCode
}

function describe(error: unknown): Told {
  if (error instanceof Interrupted) return { message: error.message, hint: undefined, exitCode: error.exitCode }
  if (error instanceof CommanderError) return describeParsing(error)
  if (!(error instanceof Error) || !(EXPECTED.has(error.name) || error.name === 'BackendMissing'))
    return {
      message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'set KINORA_DEBUG=1 to see where',
      exitCode: 1,
    }
  const hint = error instanceof UsageError || error instanceof Failure ? error.hint : undefined
  const message = error.message.trim().replace(/^(\w+)(?= is )/, (name) => FLAGS[name] ?? name)
  return { message, hint, exitCode: USAGE.has(error.name) ? 2 : 1 }
}

/** Commander throws for `--help` and `--version` as well, once it has printed them. */
function describeParsing({ code, message, exitCode }: CommanderError): Told {
  if (exitCode === 0) return { message: '', hint: undefined, exitCode: 0 }
  if (code === 'commander.help') return { message: 'give a command', hint: undefined, exitCode: 2 }
  return { message: message.replace(/^error: /, ''), hint: 'see kinora --help, or kinora help COMMAND', exitCode: 2 }
}
