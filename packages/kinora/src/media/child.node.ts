// Caller's side of the encoder child (encoder-child.node.ts): starts one per job, streams pixels,
// and turns its messages, its end or an abort into a result. A child that dies before it has
// loaded its codec library counts as a missing backend, later on as a failed job.

import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { MediaError } from '../errors.ts'
import { type Backend, BackendMissing } from './backend.ts'
import type { DecodedInfo, Job, PictureForm, Reply, VideoInfo } from './job.ts'
import { collectChunks, ending, feed } from './process.node.ts'

interface Streams {
  readonly stdin: Writable
  readonly stdout: Readable
}

interface Outcome {
  readonly version: string
  readonly info: VideoInfo | DecodedInfo | undefined
}

export const nodeAvBackend = childBackend('node-av', 'mp4')
export const sharpBackend = childBackend('sharp', 'png')

function childBackend(name: 'node-av' | 'sharp', form: PictureForm): Backend {
  return {
    name,
    version: async () => (await runJob(name, { task: 'version', form })).version,
    encode: async (job, pictures, signal) => found((await runJob(name, job, signal, ({ stdin }) => feed(stdin, pictures()))).info),
    decode: async (job, signal) => {
      let chunks: Uint8Array[] = []
      const { info } = await runJob(name, job, signal, async ({ stdin, stdout }) => {
        stdin.end()
        chunks = await collectChunks(stdout, job.limits.maxBytes, `it holds more than ${job.limits.maxBytes} bytes of frames`)
      })
      const decoded = found(info)
      if (!('ended' in decoded)) throw new MediaError(`the ${name} process gave no answer`)
      return { ...decoded, chunks }
    },
  }
}

function found<T extends VideoInfo>(info: T | undefined): T {
  if (!info) throw new MediaError('the media process gave no answer')
  return info
}

async function runJob(
  name: Backend['name'],
  job: Job,
  signal?: AbortSignal,
  transfer?: (streams: Streams) => Promise<void>,
): Promise<Outcome> {
  signal?.throwIfAborted()
  const child = startChild()
  const replies: Reply[] = []
  let moving: Promise<void> | undefined
  child.on('message', (reply: Reply) => {
    replies.push(reply)
    if (reply.kind !== 'ready' || !transfer || !child.stdin || !child.stdout) return
    // Kept aside until the child has ended; a failure here ends it at once.
    moving = transfer({ stdin: child.stdin, stdout: child.stdout }).catch((error: unknown) => {
      child.kill('SIGKILL')
      throw error
    })
    moving.catch(() => {})
  })
  const ended = ending(child, signal)
  child.send(job)
  const { words } = await ended.catch((cause: unknown) => {
    throw new BackendMissing(`${name} could not be started (${cause instanceof Error ? cause.message : String(cause)})`, { cause })
  })
  signal?.throwIfAborted()
  await moving
  return outcome(name, replies, words)
}

function startChild(): ChildProcess {
  const here = fileURLToPath(import.meta.url)
  const entry = new URL(`./encoder-child.node${extname(here)}`, import.meta.url)
  const child = fork(entry, [], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], execArgv: [] })
  child.stdin?.on('error', () => {})
  return child
}

function outcome(name: Backend['name'], replies: readonly Reply[], words: string): Outcome {
  const [first, last] = [replies[0], replies.at(-1)]
  if (first?.kind === 'unavailable') throw new BackendMissing(`${name} does not load (${first.reason})`)
  if (first?.kind !== 'ready') throw new BackendMissing(`${name} does not load (its process ${words})`)
  if (last?.kind === 'error') throw Object.assign(new MediaError(`${name}: ${last.message}`), last.code ? { code: last.code } : {})
  if (last?.kind !== 'done') throw new MediaError(`the ${name} process ${words}`)
  return { version: first.version, info: last.info }
}
