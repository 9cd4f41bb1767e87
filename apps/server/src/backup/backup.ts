// Everything that a service keeps, copied to a folder: the rows as of one moment, and the files that these rows name. A service on
// PostgreSQL may go on meanwhile; an embedded database belongs to one process, so that its service has to be stopped.

import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import type { Config } from '../config/config.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { holds } from '../retention/held.ts'
import { lockForBackup } from '../retention/keys.ts'
import { openStorage } from '../storage/open.ts'
import type { Storage } from '../storage/storage.ts'
import { writeLines } from './lines.ts'
import { type TableEntry, writeManifest } from './manifest.ts'
import { copyOut, type FileLine, syncCopies } from './stored-files.ts'
import { BACKED_UP, columnsOf, dumpTable, nameOf } from './tables.ts'

export interface BackupSummary {
  readonly rows: number
  readonly files: number
  readonly bytes: number
  /** Keys that a video names and that the storage does not have, or has with other bytes: what is restored says that they have expired. */
  readonly missing: readonly string[]
}

/** To a new or empty folder. Rejects with ServerError; then the folder is empty again. */
export async function backup(config: Config, folder: string): Promise<BackupSummary> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw new ServerError(`${folder} is not empty: name a new folder for the backup`, { status: 400, code: 'not_empty' })
  const database = await openDatabase({ url: config.databaseUrl ?? undefined, folder: config.data }).catch(explainLock)
  try {
    const storage = await openStorage(config)
    return await atOneMoment(database.db, config.databaseUrl !== null, (tx) => copyAll(tx, storage, folder))
  } catch (error) {
    await Promise.all((await readdir(folder)).map((name) => rm(path.join(folder, name), { recursive: true, force: true })))
    throw error
  } finally {
    await database.close()
  }
}

function explainLock(error: unknown): never {
  if (!(error instanceof ServerError) || error.code !== 'data_in_use') throw error
  throw new ServerError(`${error.message}. The embedded database is backed up while its service is stopped; PostgreSQL needs no stop`, {
    status: 503,
    code: error.code,
    cause: error,
  })
}

/** All reads see the rows of one moment, and bytes that they name stay. The lock comes before that moment, on a connection of its own. */
function atOneMoment<T>(db: Database, isShared: boolean, action: (tx: Database) => Promise<T>): Promise<T> {
  const snapshot = () => db.transaction(action, { isolationLevel: 'repeatable read', accessMode: 'read only' })
  if (!isShared) return snapshot()
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`)
    await lockForBackup(tx)
    return snapshot()
  })
}

async function copyAll(tx: Database, storage: Storage, folder: string): Promise<BackupSummary> {
  const madeAt = new Date().toISOString()
  const tables: TableEntry[] = []
  for (const table of BACKED_UP) {
    const name = nameOf(table)
    tables.push({ name, columns: columnsOf(table), ...(await writeLines(path.join(folder, `${name}.jsonl`), dumpTable(tx, table))) })
  }
  const copied = { bytes: 0, missing: [] as string[] }
  const listing = await writeLines(path.join(folder, 'files.jsonl'), copyFiles(await storedFiles(tx), { storage, folder, copied }))
  await syncCopies(folder)
  await writeManifest(folder, { madeAt, tables, files: { ...listing, bytes: copied.bytes }, missing: copied.missing })
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), files: listing.rows, ...copied }
}

/** Media types by key, of all that rows need. */
async function storedFiles(tx: Database): Promise<Map<string, string>> {
  const rows = await tx
    .select({ files: videos.files, input: sql<string | null>`${videos.request} ->> 'input'` })
    .from(videos)
    .where(holds)
  const found = new Map<string, string>()
  for (const { input } of rows) if (input !== null) found.set(input, 'application/octet-stream')
  for (const { files } of rows) for (const { key, mediaType } of Object.values(files)) found.set(key, mediaType)
  return found
}

interface CopyPlace {
  readonly storage: Storage
  readonly folder: string
  /** Counts along. */
  readonly copied: { bytes: number; missing: string[] }
}

async function* copyFiles(files: ReadonlyMap<string, string>, { storage, folder, copied }: CopyPlace): AsyncGenerator<string[]> {
  for (const [key, mediaType] of files) {
    const bytes = await copyOut(storage, key, folder)
    if (bytes === undefined) copied.missing.push(key)
    else {
      copied.bytes += bytes
      yield [JSON.stringify({ key, bytes, mediaType } satisfies FileLine)]
    }
  }
}
