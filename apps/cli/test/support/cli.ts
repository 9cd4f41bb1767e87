// Runs the real program in a child process, in an empty folder of its own, as a user would.

import type { ChildProcessByStdio } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { fixture } from '../../../../packages/kinora/test/support/safetensors.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Arguments of Node that start the program from its sources. */
export const PROGRAM = ['--conditions=kinora-dev', MAIN] as const

/** The small checkpoint of the library's fixtures: 64x64, some 20 ms a step. */
export const MS = fixture('checkpoints/ms')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  readonly ended: Promise<Ended>
  /** Resolves when standard error holds this text. */
  readonly says: (text: string) => Promise<void>
}

interface Options {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

/** Node's own cache of compiled sources: a third less time for each of the many starts. */
export const COMPILED = fileURLToPath(new URL('../../../../node_modules/.cache/kinora-cli-test', import.meta.url))

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that is removed after the file's tests. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kinora-cli-'))
  folders.push(folder)
  return folder
}

/** Everything in a folder, hidden and nested files included. */
export function contents(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).sort()
}

export function start(args: readonly string[], { cwd, env = {} }: Options): Started {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    cwd,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stderr.includes(text) && resolve()
      child.stderr.on('data', look)
      child.once('close', () => reject(new Error(`the program ended without saying "${text}": ${stderr}`)))
      look()
    })
  return { process: child, ended, says }
}

export function kinora(args: readonly string[], options: Options): Promise<Ended> {
  return start(args, options).ended
}

/** Lines of standard output as JSON. */
export function events(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
