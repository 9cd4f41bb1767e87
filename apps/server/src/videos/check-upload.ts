// Decodes an uploaded file wholly, before anything else trusts it, in a process of its own: a file may be made to take hours, all
// memory, or a codec's fault. Beyond the limits of the configuration the process and all that it started are killed.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'
import { limiter } from './limiter.ts'
import { endTree, processTree, residentBytes } from './process-tree.ts'

export interface Upload {
  readonly frames: number
  readonly width: number
  readonly height: number
  readonly fps: number
  /** What was done to show it as it is meant, in sentences for the user. */
  readonly notes: readonly string[]
}

/** Of a process that reads what anybody may have made, so it is not believed either. */
const answer = z.union([
  z.object({
    frames: z.int().min(1).max(10_000),
    width: z.int().min(1).max(65_536),
    height: z.int().min(1).max(65_536),
    fps: z.number().positive().max(100_000),
    notes: z.array(z.string().max(500)).max(20),
  }),
  z.object({ failure: z.string() }),
])

const LOOK_MS = 50
const HEAP_MB = 512
const MOST_REASON = 300
const oneOfFew = limiter(2)

/** What the file holds. Throws ServerError for one that is no whole video or picture, or takes too much to decode. */
export function checkUpload(file: string, config: Config, signal?: AbortSignal): Promise<Upload> {
  return oneOfFew(() => decodeApart(file, config, signal), signal)
}

async function decodeApart(file: string, config: Config, signal: AbortSignal | undefined): Promise<Upload> {
  const uploads = path.join(config.data, 'uploads')
  await mkdir(uploads, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(path.join(uploads, 'check-'))
  const child = startChild(folder)
  try {
    return await Promise.race([answerOf(child, file, config), beyondLimits(child, config, signal)])
  } finally {
    if (child.pid !== undefined) await endTree(child.pid)
    await rm(folder, { recursive: true, force: true })
  }
}

/** It gets no variable of ours: there are passwords among them. */
function startChild(folder: string): ChildProcess {
  const entry = new URL(`./upload-child${path.extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const { PATH = '' } = process.env
  return fork(entry, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    execArgv: process.execArgv.filter((option) => option.startsWith('--conditions=')),
    env: { PATH, HOME: folder, TMPDIR: folder, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
  })
}

async function answerOf(child: ChildProcess, file: string, { limits }: Config): Promise<Upload> {
  const said = await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', () => resolve({ failure: '' }))
    child.send({ path: path.resolve(file), maxFrames: limits.uploadFrames }, () => {})
  })
  const { data } = answer.safeParse(said)
  if (data && 'frames' in data) return data
  throw refused(`the upload cannot be read as a video or a picture${reasonOf(data?.failure ?? '')}`)
}

/** Rejects when the process has taken too long or too much, or nobody waits for it any more. */
async function beyondLimits(child: ChildProcess, { limits }: Config, signal: AbortSignal | undefined): Promise<never> {
  const started = performance.now()
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return new Promise(() => {})
    signal?.throwIfAborted()
    if (performance.now() - started > limits.uploadSeconds * 1000)
      throw refused(`the upload takes more than ${limits.uploadSeconds} s to decode: make it shorter or smaller`)
    if ((await residentBytes(await processTree(child.pid))) > limits.uploadMemory)
      throw refused(`the upload takes more than ${limits.uploadMemory} bytes of memory to decode: make it shorter or smaller`)
  }
}

/** In one line: words of codecs may quote the file. */
function reasonOf(failure: string): string {
  const line = failure.replace(/[\p{C}\s]+/gu, ' ').trim()
  return line === '' ? '' : `: ${line.slice(0, MOST_REASON)}`
}

function refused(message: string): ServerError {
  return new ServerError(message, { status: 400, code: 'invalid_upload' })
}
