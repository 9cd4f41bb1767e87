// Runs a program to its end and gives what it printed; a failure is an error that holds the output. For the registry, the packing
// and the tests of packages, which run npm and the packed programs a lot.

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface CommandOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

export interface Printed {
  readonly stdout: string
  readonly stderr: string
}

export async function command(program: string, words: readonly string[], { cwd, env = process.env }: CommandOptions): Promise<Printed> {
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  if (status !== 0) throw new Error(`\`${[program, ...words].join(' ')}\` in ${cwd} ended with ${status}:\n${stdout}${stderr}`)
  return { stdout, stderr }
}
