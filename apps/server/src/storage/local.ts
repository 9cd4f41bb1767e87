// Videos in a folder of this machine: two levels by the key's first digits, since large folders are slow. A file
// appears under its name when it is complete and on the disk.

import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { checkedKey, type Storage } from './storage.ts'

export function localStorage(folder: string): Storage {
  const placeOf = (key: string) => path.join(folder, checkedKey(key).slice(0, 2), key)
  return {
    async put(key, file) {
      const place = placeOf(key)
      await mkdir(path.dirname(place), { recursive: true })
      const temporary = `${place}.${randomUUID().slice(0, 8)}.tmp`
      try {
        await copyFile(file, temporary)
        await sync(temporary)
        await rename(temporary, place)
        await sync(path.dirname(place))
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async get(key, range) {
      const handle = await open(placeOf(key), 'r').catch(absent)
      return handle && createReadStream('', { fd: handle, ...(range && { start: range.start, end: range.end }) })
    },
    async size(key) {
      return (await stat(placeOf(key)).catch(absent))?.size
    },
    remove: (key) => rm(placeOf(key), { force: true }),
    async *list() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent)
      for (const entry of entries ?? []) {
        if (!entry.isFile() || entry.name.endsWith('.tmp')) continue
        const info = await stat(path.join(entry.parentPath, entry.name)).catch(absent)
        if (info) yield { key: entry.name, bytes: info.size, changed: info.mtime }
      }
    },
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

async function sync(place: string): Promise<void> {
  const handle = await open(place, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
