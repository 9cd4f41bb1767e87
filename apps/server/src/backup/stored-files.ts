// The stored files of a backup, in the same form of folder as a local storage. A key says what the bytes have to be, so that every
// copy is compared with it.

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { checkedKey, digestOf, isKey, type Storage } from '../storage/storage.ts'
import { syncFile, syncFolder } from '../storage/sync.ts'
import { parseLine } from './lines.ts'
import { badBackup } from './manifest.ts'

const lineSchema = z.strictObject({ key: z.string().refine(isKey), bytes: z.int().min(0), mediaType: z.string().max(100) })
/** A line of files.jsonl. */
export type FileLine = z.infer<typeof lineSchema>

export function placeOf(folder: string, key: string): string {
  return path.join(folder, 'files', checkedKey(key).slice(0, 2), key)
}

/** Its size; undefined when the storage does not have these bytes. */
export async function copyOut(storage: Storage, key: string, folder: string): Promise<number | undefined> {
  const stream = await storage.get(key)
  if (!stream) return undefined
  const place = placeOf(folder, key)
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    },
    createWriteStream(place, { flags: 'wx', mode: 0o600 }),
  )
  if (hash.digest('hex') !== digestOf(key)) {
    await rm(place)
    return undefined
  }
  await syncFile(place)
  return bytes
}

/** After the last copy: the folders' entries are on the disk as well. */
export async function syncCopies(folder: string): Promise<void> {
  const files = path.join(folder, 'files')
  await mkdir(files, { recursive: true, mode: 0o700 })
  for (const name of await readdir(files)) await syncFolder(path.join(files, name))
  await syncFolder(files)
}

/** Of a line whose file is there with the right bytes. Rejects with ServerError (`bad_backup`) otherwise. */
export async function checkFile(folder: string, line: string): Promise<FileLine> {
  const data = parseLine(lineSchema, line)
  const place = placeOf(folder, data.key)
  const info = await lstat(place).catch(() => undefined)
  if (!info?.isFile()) throw badBackup(`the file ${data.key} is missing`)
  const hash = createHash('sha256')
  if (info.size === data.bytes) await pipeline(createReadStream(place), hash)
  if (info.size !== data.bytes || hash.digest('hex') !== digestOf(data.key)) throw badBackup(`the file ${data.key} was changed or cut off`)
  return data
}
