// Entry of the process that runs native codecs for the library, so that a fault in one of them
// cannot take the caller down. One job a process: the job comes as the first IPC message, pixels
// on stdin or stdout. It ends with its parent, and then removes the file it had begun.

import { rmSync } from 'node:fs'
import { getSystemErrorName } from 'node:util'
import type { Codec } from './codec.ts'
import type { DecodedInfo, Job, Reply, VideoInfo } from './job.ts'
import { pictures } from './pictures.ts'

/** False when the parent is gone. */
function reply(message: Reply): Promise<boolean> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, undefined, {}, (error) => resolve(error === null))
    else resolve(false)
  })
}

async function load(form: Job['form']): Promise<Codec> {
  if (form === 'mp4' || form === 'webm' || form === 'video') return (await import('./node-av.node.ts')).codec
  return (await import('./sharp.node.ts')).codec
}

function emit(rgb: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(rgb, (error) => (error ? reject(error) : resolve())))
}

async function perform(codec: Codec, job: Job): Promise<VideoInfo | DecodedInfo | undefined> {
  if (job.task === 'encode') return codec.encode(job, pictures(process.stdin, job))
  if (job.task === 'decode') return codec.decode(job, emit)
  return undefined
}

/** FFmpeg's negative numbers are the system's error codes where they are small. */
function failure(error: unknown): Reply {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string') return { kind: 'error', message, code }
  if (typeof code === 'number' && code < 0 && code > -200) return { kind: 'error', message, code: getSystemErrorName(code) }
  return { kind: 'error', message }
}

async function run(job: Job): Promise<void> {
  const orphaned = () => {
    if (job.task === 'encode') rmSync(job.path, { recursive: true, force: true })
    process.exit(1)
  }
  process.once('disconnect', orphaned)
  let codec: Codec
  try {
    codec = await load(job.form)
  } catch (error) {
    await reply({ kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) })
    return
  }
  await reply({ kind: 'ready', version: codec.version })
  const answer = await perform(codec, job).then((info): Reply => (info ? { kind: 'done', info } : { kind: 'done' }), failure)
  if (!(await reply(answer))) orphaned()
}

// Ctrl-C reaches the whole process group; whether to stop is the parent's decision.
process.on('SIGINT', () => {})
process.once('message', (job: Job) => {
  void run(job).finally(() => process.exit(0))
})
