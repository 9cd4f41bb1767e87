// What the disk has to offer and what its errors mean, for a download of gigabytes.

import { copyFile, link, mkdir, rename, rm, statfs, symlink } from 'node:fs/promises'
import path from 'node:path'
import { CheckpointError } from '../../errors.ts'

/** Left free for everything else. */
const RESERVE_BYTES = 64 * 1024 * 1024

/** Throws CheckpointError when the disk of `folder` has no room for `bytes` more. */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free === undefined || free >= bytes + RESERVE_BYTES) return
  throw new CheckpointError(
    `${showBytes(bytes)} are still to be downloaded and ${folder} has room for ${showBytes(Math.max(0, free - RESERVE_BYTES))}: make room, or set ` +
      'HF_HUB_CACHE to a folder on a larger disk',
  )
}

async function freeBytes(folder: string): Promise<number | undefined> {
  const found = await statfs(folder).catch(() => undefined)
  if (found) return found.bavail * found.bsize
  const parent = path.dirname(folder)
  return parent === folder ? undefined : freeBytes(parent)
}

/** The error of a failed write as a sentence; other errors as they are. */
export function explainDiskError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const folder = path.dirname(file)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CheckpointError(`the disk of ${folder} is full: make room and run it again, what is there is kept; or set HF_HUB_CACHE`, {
      cause: error,
    })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new CheckpointError(`${folder} cannot be written: set HF_HUB_CACHE to a folder of your own`, { cause: error })
  return error
}

/**
 * Makes `pointer` show the content of `blob`: by a relative link, so that a moved cache still works. Where links are not possible, a
 * second name for the file; where that is not possible either, the file itself is moved (`mayMove`) or copied there.
 */
export async function placeBlob(blob: string, pointer: string, options: { symlinks: boolean; mayMove: boolean }): Promise<void> {
  await mkdir(path.dirname(pointer), { recursive: true })
  await rm(pointer, { force: true })
  const ways = [
    ...(options.symlinks ? [() => symlink(path.relative(path.dirname(pointer), blob), pointer)] : []),
    () => link(blob, pointer),
    () => (options.mayMove ? rename(blob, pointer) : copyFile(blob, pointer)),
  ]
  for (const [i, way] of ways.entries()) {
    try {
      return await way()
    } catch (error) {
      // Another process of the same pull may have been faster.
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
      if (i === ways.length - 1) throw error
    }
  }
}

export function showBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}
