// One database behind one type: PGlite in the data folder, or PostgreSQL by URL. Migrations run when it is opened.
// PGlite takes no lock of its own, so that two processes would overwrite each other: folder-lock.ts takes one.

import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Logger } from 'pino'
import { lockFolder } from './folder-lock.ts'
import { openPostgres } from './open-postgres.ts'
import * as schema from './schema.ts'

export type Database = PgDatabase<PgQueryResultHKT, typeof schema>

/**
 * Hears what other processes (or this one) say on a channel. `regained` is called after a connection was lost and made
 * anew: what was said in between is not known.
 */
export type Listen = (channel: string, heard: (payload: string) => void, regained?: () => void) => Promise<() => Promise<void>>

export interface OpenDatabase {
  readonly db: Database
  readonly listen: Listen
  /** May be called again. */
  close(): Promise<void>
}

interface DatabasePlace {
  readonly url?: string | undefined
  readonly folder: string
  readonly log?: Logger
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** `url` of PostgreSQL; without it PGlite in `folder`. Rejects with ServerError when another process has the folder. */
export function openDatabase({ url, folder, log }: DatabasePlace): Promise<OpenDatabase> {
  return url === undefined ? openEmbedded(folder) : openPostgres(url, MIGRATIONS, log)
}

async function openEmbedded(folder: string): Promise<OpenDatabase> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = await lockFolder(folder)
  let closed: Promise<void> | undefined
  let client: PGlite | undefined
  const close = async () => {
    await client?.close()
    await unlock()
  }
  try {
    const opened = await openFolder(path.join(folder, 'database'))
    client = opened
    const db = drizzle(opened, { schema })
    await migrate(db, { migrationsFolder: MIGRATIONS })
    return { db, listen: (channel, heard) => opened.listen(channel, heard), close: () => (closed ??= close()) }
  } catch (error) {
    await close()
    throw error
  }
}

/** A new one is made under another name first: what a killed process left half made is no database, and would be taken for one. */
async function openFolder(place: string): Promise<PGlite> {
  if (existsSync(place)) return PGlite.create(place)
  const unfinished = `${place}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await (await PGlite.create(unfinished)).close()
  await rename(unfinished, place)
  return PGlite.create(place)
}
