// Downloads one file's content into the cache. Bytes go to `<etag>.incomplete` as they come and are hashed on the way; a cut
// continues where the last byte was written, in this call or in a later one. Only content with the right checksum gets its name.

import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { CheckpointError } from '../../errors.ts'
import { type Digest, digestFile, digestOf } from './digest.node.ts'
import { refusal, TransientError } from './refusal.ts'
import type { RepoFile } from './repo-files.ts'
import { type Answer, request } from './request.node.ts'
import { persist } from './retry.node.ts'
import type { HubSettings } from './settings.node.ts'
import type { ModelSpec } from './spec.ts'

export interface BlobJob {
  spec: ModelSpec
  commit: string
  file: RepoFile
  /** Where the content goes. */
  blob: string
  /** Called with the bytes on disk after each part. */
  onBytes: (bytes: number) => void
}

/** A download under way; `done` bytes are on disk and in the digest. */
interface Partial {
  handle: FileHandle
  digest: Digest
  done: number
}

/** Where a download's bytes are before it is complete. */
export function incompletePath(blob: string): string {
  return `${blob}.incomplete`
}

/**
 * Downloads and checks the content. Returns the bytes received. Throws CheckpointError when the hub refuses or the content is wrong
 * (nothing is kept of it then); rejects with the signal's reason, and keeps what came.
 */
export async function downloadBlob(settings: HubSettings, job: BlobJob): Promise<number> {
  const path = incompletePath(job.blob)
  try {
    const received = await fillFile(settings, job, path)
    await rename(path, job.blob)
    return received
  } catch (error) {
    if (error instanceof WrongContentError) await rm(path, { force: true })
    throw error
  }
}

async function fillFile(settings: HubSettings, job: BlobJob, path: string): Promise<number> {
  // Not truncated, and not appended to: every byte is written at its own place.
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o666)
  try {
    return await fill(settings, job, handle)
  } finally {
    await handle.close()
  }
}

class WrongContentError extends CheckpointError {}

async function fill(settings: HubSettings, job: BlobJob, handle: FileHandle): Promise<number> {
  const { file, spec } = job
  const partial = await resume(handle, file, settings.signal)
  const before = partial.done
  job.onBytes(before)
  await persist(settings, `${file.path} of ${spec.repo}`, async (advanced) => {
    if (partial.done < file.size) await receive(settings, job, partial, advanced)
  })
  if (!partial.digest.matches()) throw wrongContent(job, 'has another checksum than listed')
  await handle.truncate(file.size)
  await handle.sync()
  return partial.done - before
}

async function resume(handle: FileHandle, file: RepoFile, signal: AbortSignal | undefined): Promise<Partial> {
  const { size } = await handle.stat()
  const partial: Partial = { handle, digest: digestOf(file), done: size <= file.size ? size : 0 }
  await digestFile(partial.digest, handle, partial.done, signal)
  return partial
}

/** One request for the rest. */
async function receive(settings: HubSettings, job: BlobJob, partial: Partial, advanced: () => void): Promise<void> {
  const { spec, commit, file } = job
  const url = `${settings.endpoint}/${spec.repo}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`
  const headers: Record<string, string> = partial.done > 0 ? { range: `bytes=${partial.done}-` } : {}
  await request(settings, url, headers, async (answer) => {
    const { response } = answer
    if (response.status === 416) throw wrongContent(job, 'is shorter than listed')
    if (!response.ok) {
      const subject = { endpoint: settings.endpoint, hasToken: settings.token !== undefined, spec, path: file.path }
      throw refusal(response, subject)
    }
    await write(job, partial, answer, firstByte(response), advanced)
  })
  if (partial.done < file.size) throw new TransientError(`${new URL(url).host} ended it early, at byte ${partial.done} of ${file.size}`)
}

/** Where in the file an answer begins; a server that ignores ranges begins at 0. */
function firstByte(response: Response): number {
  if (response.status !== 206) return 0
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]
  return start === undefined ? 0 : Number(start)
}

async function write(job: BlobJob, partial: Partial, { chunks }: Answer, start: number, advanced: () => void): Promise<void> {
  if (start > partial.done) throw new TransientError(`the answer begins at byte ${start} and not at ${partial.done}`)
  let at = start
  for await (const chunk of chunks) {
    const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, partial.done - at)))
    at += chunk.length
    if (at > job.file.size) throw wrongContent(job, 'is longer than listed')
    if (fresh.length === 0) continue
    await writeFully(partial.handle, fresh, partial.done)
    partial.digest.update(fresh)
    partial.done += fresh.length
    advanced()
    job.onBytes(partial.done)
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

function wrongContent({ spec, file }: BlobJob, what: string): WrongContentError {
  return new WrongContentError(
    `${file.path} of ${spec.repo} ${what}, so it was thrown away: run it again, and if that does not help ask another endpoint (HF_ENDPOINT)`,
  )
}
