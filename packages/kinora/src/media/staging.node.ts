// Writes land under a temporary name beside their target and take its place only when complete:
// fsync, rename, fsync of the folder. Whatever goes wrong, nothing is left behind and an older
// file of that name stays as it was. PNG folders move frame by frame into an existing folder.

import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { explainWriteError } from './failure.node.ts'

/** Names that a folder of frames owns: they are replaced as a whole by a later save. */
const OWN_FILE = /^(frame_\d{4,}\.png|kinora\.json)$/

/**
 * Calls `write` with a temporary path (for a folder: an empty temporary folder) and moves the
 * result to `path`. Removes the temporary file or folder when `write` or the move fails, and throws
 * a MediaError that says why.
 */
export async function stage<T>(path: string, kind: 'file' | 'folder', write: (temporary: string) => Promise<T>): Promise<T> {
  const target = resolve(path)
  const name = basename(target)
  const stem = name.slice(0, name.length - extname(name).length).slice(0, 40)
  const temporary = join(dirname(target), `.${stem}.${randomUUID().slice(0, 8)}.tmp${kind === 'file' ? extname(name) : ''}`)
  try {
    if (kind === 'folder') await mkdir(temporary)
    const result = await write(temporary)
    if (kind === 'file') {
      await syncFile(temporary)
      await rename(temporary, target)
    } else {
      await moveFolder(temporary, target)
    }
    await syncFolder(dirname(target))
    return result
  } catch (cause) {
    throw await explainWriteError(cause, path)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function moveFolder(temporary: string, target: string): Promise<void> {
  const names = await readdir(temporary)
  for (const name of names) await syncFile(join(temporary, name))
  const exists = await stat(target).catch(() => undefined)
  if (!exists) return rename(temporary, target)
  for (const name of names) await rename(join(temporary, name), join(target, name))
  const fresh = new Set(names)
  for (const name of await readdir(target)) if (OWN_FILE.test(name) && !fresh.has(name)) await rm(join(target, name))
  await rmdir(temporary)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Best effort: some systems cannot open or sync a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

/** Bytes of a file, or of the files of a video's folder. */
export async function pathSize(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.size
  const own = (await readdir(path)).filter((name) => OWN_FILE.test(name))
  const sizes = await Promise.all(own.map(async (name) => (await stat(join(path, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
