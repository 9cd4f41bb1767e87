// A backup brought back to a service that has nothing yet, of either kind of database and storage. The whole backup is read and
// compared with its digests first; the rows come last, in one transaction.

import path from 'node:path'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { videos } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { openStorage } from '../storage/open.ts'
import type { Storage } from '../storage/storage.ts'
import { parseLine, readLines } from './lines.ts'
import { badBackup, type Manifest, readManifest } from './manifest.ts'
import { checkFile, type FileLine, placeOf } from './stored-files.ts'
import { isEmpty, loadTable, matchTables } from './tables.ts'

export interface RestoreSummary {
  readonly rows: number
  readonly files: number
  readonly bytes: number
  readonly madeAt: Date
}

type Tables = ReturnType<typeof matchTables>

/** Rejects with ServerError, before anything is written, for a backup that was changed and a service that has rows. */
export async function restore(config: Config, folder: string): Promise<RestoreSummary> {
  const manifest = await readManifest(folder)
  const tables = matchTables(manifest.tables)
  const files = await checkAll(folder, manifest, tables)
  const database = await openDatabase({ url: config.databaseUrl ?? undefined, folder: config.data })
  try {
    await refuseRows(database.db)
    await putFiles(await openStorage(config), folder, files)
    await database.db.transaction((tx) => loadAll(tx, folder, manifest, tables))
  } finally {
    await database.close()
  }
  const rows = tables.reduce((sum, { entry }) => sum + entry.rows, 0)
  return { rows, files: files.length, bytes: manifest.files.bytes, madeAt: new Date(manifest.madeAt) }
}

async function checkAll(folder: string, { files: listing, missing }: Manifest, tables: Tables): Promise<FileLine[]> {
  const files: FileLine[] = []
  for await (const line of readLines(path.join(folder, 'files.jsonl'), listing)) files.push(await checkFile(folder, line))
  const known = new Set([...missing, ...files.map(({ key }) => key)])
  for (const { table, entry } of tables) {
    for await (const line of readLines(lineFile(folder, entry.name), entry)) {
      if (table === videos) for (const key of keysIn(line)) if (!known.has(key)) throw badBackup(`the file ${key} of a video is not in it`)
    }
  }
  return files
}

const videoLine = z.looseObject({ files: z.record(z.string(), z.looseObject({ key: z.string() })) })

/** Of a row's own files. */
function keysIn(line: string): string[] {
  return Object.values(parseLine(videoLine, line).files).map(({ key }) => key)
}

async function refuseRows(db: Database): Promise<void> {
  if (!(await isEmpty(db)))
    throw new ServerError('the service has accounts or videos already: a backup is restored to an empty database only', {
      status: 409,
      code: 'not_empty',
    })
}

/** What is there with the same size has the same bytes: its key is their digest. */
async function putFiles(storage: Storage, folder: string, files: readonly FileLine[]): Promise<void> {
  for (const { key, bytes, mediaType } of files)
    if ((await storage.size(key)) !== bytes) await storage.put(key, placeOf(folder, key), mediaType)
}

async function loadAll(tx: Database, folder: string, { missing }: Manifest, tables: Tables): Promise<void> {
  for (const { table } of tables) await tx.execute(sql`lock table ${table} in exclusive mode`)
  await refuseRows(tx)
  for (const { table, entry } of tables) await loadTable(tx, table, entry.columns, readLines(lineFile(folder, entry.name), entry))
  await tx.execute(sql`select setval(pg_get_serial_sequence('audit', 'id'), (select coalesce(max(id), 0) + 1 from audit), false)`)
  await endAttempts(tx)
  for (const key of missing)
    await tx
      .update(videos)
      .set({ files: {}, expiresAt: sql`least(${videos.expiresAt}, now())` })
      .where(sql`jsonb_path_query_array(${videos.files}, '$.*.key') ? ${key}`)
}

/** What was being made when the backup was taken begins anew; that it stopped is nobody's fault. */
async function endAttempts(tx: Database): Promise<void> {
  const running = sql`${videos.status} = 'in_progress'`
  await tx.update(videos).set({ status: 'cancelled', completedAt: sql`now()` }).where(sql`${running} and ${videos.cancelRequested}`)
  const attempt = sql`greatest(${videos.attempt} - 1, 0)`
  await tx.update(videos).set({ status: 'queued', workerId: null, startedAt: null, attempt }).where(running)
}

function lineFile(folder: string, table: string): string {
  return path.join(folder, `${table}.jsonl`)
}
