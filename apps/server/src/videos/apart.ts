// Work on video files in a process of its own: a file may be made to take hours, all memory, or a codec's fault. Beyond its limits
// the process and all that it started are killed.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config/config.ts'
import { endTree, processTree, residentBytes } from './process-tree.ts'

export interface Apart {
  /** Of this folder, without its extension: its first message is what to do, its answer one message. */
  readonly entry: 'upload-child' | 'convert-child'
  readonly message: object
  readonly limits: { readonly seconds: number; readonly memory: number }
  readonly signal: AbortSignal | undefined
  /** The error for a process that took more of something than it may. */
  readonly beyond: (what: string) => Error
}

const LOOK_MS = 50
const HEAP_MB = 512

/** A folder that is removed afterwards. */
export async function inFolder<T>({ data }: Config, name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const uploads = path.join(data, 'uploads')
  await mkdir(uploads, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(path.join(uploads, `${name}-`))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the process says; undefined when it ends without a word. Nothing of it runs any more when this settles. */
export async function runApart(folder: string, apart: Apart): Promise<unknown> {
  const child = startChild(folder, apart.entry)
  try {
    return await Promise.race([answerOf(child, apart.message), beyondLimits(child, apart)])
  } finally {
    if (child.pid !== undefined) await endTree(child.pid)
  }
}

/** It gets no variable of ours: there are passwords among them. */
function startChild(folder: string, name: string): ChildProcess {
  const entry = new URL(`./${name}${path.extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const { PATH = '' } = process.env
  return fork(entry, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    execArgv: process.execArgv.filter((option) => option.startsWith('--conditions=')),
    env: { PATH, HOME: folder, TMPDIR: folder, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
  })
}

function answerOf(child: ChildProcess, message: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', () => resolve(undefined))
    child.send(message, () => {})
  })
}

/** Rejects when the process has taken too long or too much, or nobody waits for it any more. */
async function beyondLimits(child: ChildProcess, { limits, signal, beyond }: Apart): Promise<never> {
  const started = performance.now()
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return new Promise(() => {})
    signal?.throwIfAborted()
    if (performance.now() - started > limits.seconds * 1000) throw beyond(`${limits.seconds} s`)
    if ((await residentBytes(await processTree(child.pid))) > limits.memory) throw beyond(`${limits.memory} bytes of memory`)
  }
}
