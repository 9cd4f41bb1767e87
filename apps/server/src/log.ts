// The service's own log, on standard error: a JSON object a line, or a short line for people at a terminal. What is said in
// it is up to who says it; here only control characters are kept away from the terminal (JSON escapes them already).

import { styleText } from 'node:util'
import { type Logger, pino } from 'pino'
import { LOG_SERIALIZERS } from './http/logging.ts'

const STDERR = 2
const ERROR = 50
const COLOURS = { 10: 'gray', 20: 'gray', 30: 'green', 40: 'yellow', 50: 'red', 60: 'red' } as const
const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }

/** Fields that say nothing to the person who started the process. */
const UNTOLD: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err'])

export function createLog(level: string, isTerminal = process.stderr.isTTY): Logger {
  const options = { level, serializers: LOG_SERIALIZERS }
  return pino(options, isTerminal ? { write: (line: string) => process.stderr.write(prettyLine(line)) } : pino.destination(STDERR))
}

interface Entry {
  readonly level: number
  readonly time: number
  readonly msg?: string
  readonly err?: { readonly message?: string; readonly stack?: string }
}

/** One JSON line of pino as a line for people: time, level, words, then the fields; of errors, where they came from as well. */
export function prettyLine(line: string): string {
  const entry = JSON.parse(line) as Entry
  const { level, time, msg, err } = entry
  const fields = Object.entries(entry)
    .filter(([name]) => !UNTOLD.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value)}`)
  const words = [msg, err?.message, ...fields].filter((part) => part !== undefined).map(harmless)
  const frames = level < ERROR ? [] : (err?.stack?.match(/\n\s+at .*/g) ?? []).map((frame) => `\n${harmless(frame.slice(1))}`)
  const clock = new Date(time).toTimeString().slice(0, 8)
  const name = styleText(COLOURS[level as keyof typeof COLOURS] ?? 'gray', (LEVELS[level] ?? String(level)).padEnd(5))
  return `${clock} ${name} ${words.join('  ')}${frames.join('')}\n`
}

/** Nothing moves the cursor, changes colours or begins another line. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, (sign) => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`)
}
