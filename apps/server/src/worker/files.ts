// The files of a finished video, written and digested in a folder of this machine, then put into the storage.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { saveVideo, type Tensor } from 'kinora'
import type { Logger } from 'pino'
import type { StoredFile } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import { type Storage, storageKey } from '../storage/storage.ts'
import { spritesheet, thumbnail } from './pictures.ts'

export interface WrittenFile {
  /** In the folder. */
  readonly path: string
  readonly stored: StoredFile
}

interface VideoOptions {
  readonly fps: number
  readonly metadata: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
}

/** By variant, as the API names them. `frames` [1, F, H, W, 3] in [0, 1]. */
export async function writeFiles(
  frames: Tensor<'float32'>,
  folder: string,
  { fps, metadata, signal }: VideoOptions,
): Promise<Record<string, WrittenFile>> {
  const place = (name: string) => path.join(folder, name)
  const [, ...shape] = frames.shape
  const still = { dtype: 'float32' as const, shape, data: frames.data }
  // The video is encoded by a process of its own, so the pictures cost no time. All have ended before the folder may go.
  const written = await Promise.allSettled([
    saveVideo(still, place('video.mp4'), { fps, metadata, signal }),
    thumbnail(frames).then((bytes) => writeFile(place('thumbnail.webp'), bytes)),
    spritesheet(frames).then((bytes) => writeFile(place('spritesheet.jpg'), bytes)),
  ])
  for (const one of written) if (one.status === 'rejected') throw one.reason
  return {
    video: await digested(place('video.mp4'), 'video/mp4'),
    thumbnail: await digested(place('thumbnail.webp'), 'image/webp'),
    spritesheet: await digested(place('spritesheet.jpg'), 'image/jpeg'),
  }
}

async function digested(file: string, mediaType: string): Promise<WrittenFile> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const digest = hash.digest('hex')
  const { size } = await stat(file)
  return { path: file, stored: { key: storageKey(digest, path.extname(file).slice(1)), bytes: size, mediaType, digest } }
}

/** Waits between tries, in milliseconds. */
const WAITS = [200, 1000, 5000, 15_000]

/** Puts every file, again and again where the storage fails. Rejects with ServerError after the last try. */
export async function putFiles(storage: Storage, files: readonly WrittenFile[], { log, signal }: { log: Logger; signal: AbortSignal }) {
  const put = await Promise.allSettled(files.map((file) => putFile(storage, file, log, signal)))
  for (const one of put) if (one.status === 'rejected') throw one.reason
}

async function putFile(storage: Storage, { path: file, stored }: WrittenFile, log: Logger, signal: AbortSignal): Promise<void> {
  for (const wait of [...WAITS, undefined]) {
    signal.throwIfAborted()
    try {
      return await storage.put(stored.key, file, stored.mediaType)
    } catch (error) {
      if (wait === undefined)
        throw new ServerError('the video was made but could not be stored', { status: 503, code: 'storage_failed', cause: error })
      log.warn({ err: error }, 'a file cannot be stored; trying again')
      await delay(wait, undefined, { signal }).catch(() => {})
    }
  }
}
