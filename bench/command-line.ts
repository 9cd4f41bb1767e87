// Runs the real `kinora generate` in a process of its own and dates what it tells: seconds from the
// start of the process to each JSON line.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { elapsed } from './clock.ts'
import { type Memory, watchMemory } from './machine.ts'

/** A line of --json; only what is read here. */
export interface Told {
  /** Seconds since the process was started. */
  at: number
  event: string
  phase?: string
  step?: number
  total?: number
}

export interface CommandLineRun {
  told: Told[]
  /** Of the process and its children. */
  memory: Memory
  /** Until the process had ended. */
  seconds: number
}

const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url))

/**
 * `until` ends the run early, at the first line for which it holds. Rejects with the program's last words when it fails
 * otherwise.
 */
export async function runCommandLine(args: readonly string[], until: (told: Told) => boolean = () => false): Promise<CommandLineRun> {
  const start = performance.now()
  const child = spawn(process.execPath, ['--conditions=kinora-dev', MAIN, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const watch = watchMemory(() => child.pid)
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000)
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const told: Told[] = []
  let stopped = false
  for await (const line of createInterface(child.stdout)) {
    const event = { ...(JSON.parse(line) as Omit<Told, 'at'>), at: elapsed(start) }
    told.push(event)
    if (stopped || !until(event)) continue
    stopped = true
    child.kill('SIGTERM')
  }
  const code = await ended
  const memory = watch.stop()
  if (code !== 0 && !stopped) throw new Error(`kinora ${args.join(' ')} ended with ${code}: ${words.trim() || JSON.stringify(told.at(-1))}`)
  return { told, memory, seconds: elapsed(start) }
}

/** When a phase began; undefined where it never did. */
export function beginOf(told: readonly Told[], phase: string): number | undefined {
  return told.find((line) => line.phase === phase)?.at
}

/** When a phase was last heard of. */
export function endOf(told: readonly Told[], phase: string): number | undefined {
  return told.findLast((line) => line.phase === phase)?.at
}
