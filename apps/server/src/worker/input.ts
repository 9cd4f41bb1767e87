// The video that a job starts from, out of the storage: its bytes were decoded wholly when they were accepted.

import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type ReadOptions, readVideo, type VideoFrames } from 'kinora'
import { ServerError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'

const MOST_FRAMES = 20_000

/** Rejects with ServerError when it is gone or cannot be read. */
export async function readInput(storage: Storage, key: string, folder: string, signal: AbortSignal): Promise<VideoFrames> {
  const bytes = await storage.get(key)
  if (!bytes) throw new ServerError('the video that this one starts from is gone', { status: 410, code: 'input_gone', param: 'video' })
  const file = path.join(folder, `input${path.extname(key)}`)
  await pipeline(bytes, createWriteStream(file, { mode: 0o600 }), { signal })
  try {
    return await readVideo(file, { signal, maxFrames: MOST_FRAMES } satisfies ReadOptions)
  } catch (cause) {
    signal.throwIfAborted()
    throw new ServerError('the video that this one starts from cannot be read', {
      status: 400,
      code: 'input_unreadable',
      param: 'video',
      cause,
    })
  }
}
