// The video that a wish starts from, brought into one form: an earlier one by its id, or an uploaded file that has been decoded
// once to see that it can be.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Identity } from '../accounts/identity.ts'
import { ServerError } from '../errors.ts'
import type { Job } from '../queue/take.ts'
import type { Services } from '../services.ts'
import { storageKey } from '../storage/storage.ts'
import { ownVideo } from '../watch/own-video.ts'
import { checkUpload } from './check-upload.ts'
import { expired, finishedFiles } from './finished.ts'
import { fileForm } from './sniff.ts'
import type { Source, VideoWish } from './wish.ts'

/** A source, and how its bytes come into the storage where they may not be there. */
export interface FoundSource {
  readonly source: Source
  readonly notes: readonly string[]
  /** Puts them there (again); throws ServerError when that cannot be done. */
  store(): Promise<void>
}

/** SHA-256 of a file's bytes, in hexadecimal digits. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** `param`: the field that names it. Throws ServerError when it cannot be had. */
export async function earlierVideo(services: Services, identity: Identity, id: string, param: string): Promise<FoundSource> {
  const job = await ownVideo(services, identity, id, param)
  const { key } = finishedFiles(job, param).video
  const { width, height, fps } = job.request
  return { source: { key, frames: framesOf(job), width, height, fps }, notes: [], store: gone(`the video ${id}`, param) }
}

export async function uploadedVideo(
  services: Services,
  file: string,
  digest: string,
  param: string,
  signal?: AbortSignal,
): Promise<FoundSource> {
  const { extension, mediaType } = await fileForm(file)
  const { notes, ...facts } = await checkUpload(file, services.config, signal).catch((error: unknown) => {
    if (!(error instanceof ServerError)) throw error
    const { message, status, code } = error
    throw new ServerError(message, { status, code, param, cause: error })
  })
  const key = storageKey(digest, extension)
  return { source: { key, ...facts }, notes, store: () => services.storage.put(key, file, mediaType) }
}

/** What a remixed video started from; it is still there as long as a row names it. */
export function sameSource({ id }: Job, source: Source): FoundSource {
  return { source, notes: [], store: gone(`the video that ${id} was made from`, 'video_id') }
}

/** Which task a reference means: a picture is where a video begins, a video is changed. */
export function taskOf({ task }: VideoWish, source: Source | undefined): 'generate' | 'edit' | 'extend' {
  if (task !== 'refer') return task
  return source && source.frames > 1 ? 'edit' : 'extend'
}

function gone(what: string, param: string): () => Promise<never> {
  return () => Promise.reject(expired(what, param))
}

/** Of the finished video: an extension has its input's frames as well as its own. */
export function framesOf({ request }: Pick<Job, 'request'>): number {
  return request.task === 'extend' ? (request.input_frames ?? 0) + request.num_frames : request.num_frames
}
