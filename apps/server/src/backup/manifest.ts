// What a backup's folder says of itself: `backup.json`, written last, names every other file with its SHA-256. A folder without it
// is no backup, or one that was cut off.

import { createHash } from 'node:crypto'
import { lstat, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ServerError } from '../errors.ts'
import { syncFile, syncFolder } from '../storage/sync.ts'

const FILE = 'backup.json'
const MOST_BYTES = 64 * 2 ** 20
const FORMAT = 1

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const amount = z.int().min(0)
const listing = z.strictObject({ rows: amount, sha256: digest })

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  madeAt: z.iso.datetime(),
  tables: z.array(listing.extend({ name: z.string(), columns: z.array(z.string()).min(1) })),
  /** files.jsonl: a stored file a line. */
  files: listing.extend({ bytes: amount }),
  /** Keys that a row names and that were not in the storage, or there with other bytes. */
  missing: z.array(z.string()),
})

export type Manifest = z.infer<typeof manifestSchema>
export type ListingEntry = z.infer<typeof listing>
export type TableEntry = Manifest['tables'][number]

/** The folder is complete from then on. */
export async function writeManifest(folder: string, manifest: Omit<Manifest, 'format'>): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, ...manifest })
  const temporary = path.join(folder, `${FILE}.tmp`)
  await writeFile(temporary, `${text}\n${sha256(text)}\n`, { mode: 0o600 })
  await syncFile(temporary)
  await rename(temporary, path.join(folder, FILE))
  await syncFolder(folder)
}

/** Rejects with ServerError (`bad_backup`) where there is none, or it was changed. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, FILE)
  const info = await lstat(file).catch(() => undefined)
  if (!info?.isFile()) throw badBackup(`${folder} has no ${FILE}: it is no backup, or one that was cut off`)
  if (info.size > MOST_BYTES) throw badBackup(`${FILE} is larger than it can be`)
  const [text = '', sum] = (await readFile(file, 'utf8')).split('\n')
  if (sum !== sha256(text)) throw badBackup(`${FILE} was changed or cut off`)
  const { data, success } = manifestSchema.safeParse(parsed(text))
  if (!success) throw badBackup(`${FILE} is of another version of Kinora: restore it with the one that made it`)
  return data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function badBackup(message: string): ServerError {
  return new ServerError(`the backup cannot be used: ${message}`, { status: 400, code: 'bad_backup' })
}
