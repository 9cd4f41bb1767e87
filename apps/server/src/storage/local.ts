// Videos in a folder of this machine: two levels by the key's first digits, since large folders are slow. A file appears under
// its name when it is complete and on the disk: copied beside its place, synced, renamed, and the folder synced. Several processes may
// share the folder.

import { randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ServerError } from '../errors.ts'
import { checkedKey, isKey, type Storage, type StoredObject } from './storage.ts'
import { syncFile, syncFolder } from './sync.ts'

const UNFINISHED = '.tmp'

export function localStorage(at: string): Storage {
  const folder = path.resolve(at)
  const placeOf = (key: string) => path.join(folder, checkedKey(key).slice(0, 2), key)
  return {
    put: (key, file) => putFile(placeOf, key, file).catch(failed),
    async get(key, range) {
      const handle = await open(placeOf(key), 'r').catch(absent)
      return handle && createReadStream('', { fd: handle, ...(range && { start: range.start, end: range.end }) })
    },
    size: async (key) => (await stat(placeOf(key)).catch(absent))?.size,
    remove: async (key) => rm(placeOf(key), { force: true }),
    list: () => listFiles(folder),
    removeUnfinished: (before) => removeUnfinished(folder, before),
    probe: () => probe(folder).catch(failed),
  }
}

async function putFile(placeOf: (key: string) => string, key: string, file: string): Promise<void> {
  const place = placeOf(key)
  await ensureFolder(path.dirname(place))
  const temporary = `${place}.${randomUUID()}${UNFINISHED}`
  try {
    await copyFile(file, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
    await chmod(temporary, 0o600)
    await syncFile(temporary)
    await rename(temporary, place)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(path.dirname(place))
}

/** A new folder is on the disk when the one that names it is. */
async function ensureFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) await syncFolder(path.dirname(made))
}

async function* listFiles(folder: string): AsyncGenerator<StoredObject> {
  for await (const place of placesIn(folder)) {
    const key = path.basename(place)
    if (!isKey(key) || path.basename(path.dirname(place)) !== key.slice(0, 2)) continue
    const info = await stat(place).catch(absent)
    if (info?.isFile()) yield { key, bytes: info.size, changed: info.mtime }
  }
}

async function removeUnfinished(folder: string, before: Date): Promise<number> {
  let count = 0
  for await (const place of placesIn(folder)) {
    if (!place.endsWith(UNFINISHED)) continue
    const info = await stat(place).catch(absent)
    if (!info?.isFile() || info.mtime >= before) continue
    await rm(place, { force: true })
    count++
  }
  return count
}

/** Of all that lies in the folder and, one level down, in its folders. */
async function* placesIn(folder: string): AsyncGenerator<string> {
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []) {
    const place = path.join(folder, entry.name)
    if (!entry.isDirectory()) yield place
    else for (const name of (await readdir(place).catch(absent)) ?? []) yield path.join(place, name)
  }
}

async function probe(folder: string): Promise<void> {
  await ensureFolder(folder)
  const file = path.join(folder, `${randomUUID()}${UNFINISHED}`)
  try {
    await writeFile(file, 'kinora')
    await syncFile(file)
  } finally {
    await rm(file, { force: true })
  }
}

function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined
  throw error
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk quota is used up',
  EROFS: 'its disk is read-only',
  EACCES: 'the service may not write there',
  EPERM: 'the service may not write there',
  EIO: 'its disk reports an error',
  EEXIST: 'a file lies where its folder should be',
  ENOTDIR: 'a file lies where its folder should be',
}

function failed(error: unknown): never {
  const reason = REASONS[codeOf(error) ?? '']
  if (reason === undefined) throw error
  throw new ServerError(`the storage of videos cannot be written: ${reason}`, { status: 503, code: 'storage_unavailable', cause: error })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
