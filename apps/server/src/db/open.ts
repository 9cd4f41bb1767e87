// One database behind one type: PGlite in the data folder, or PostgreSQL by URL. Migrations run when it is opened.
// PGlite takes no lock of its own, so that two processes would overwrite each other: folder-lock.ts takes one.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { lockFolder } from './folder-lock.ts'
import * as schema from './schema.ts'

export type Database = PgDatabase<PgQueryResultHKT, typeof schema>

/** Hears what other processes (or this one) say on a channel. */
export type Listen = (channel: string, heard: (payload: string) => void) => Promise<() => Promise<void>>

export interface OpenDatabase {
  readonly db: Database
  readonly listen: Listen
  close(): Promise<void>
}

const MIGRATIONS = { migrationsFolder: fileURLToPath(new URL('../../migrations', import.meta.url)) }

/** `url` of PostgreSQL; without it PGlite in `folder`. Rejects with ServerError when another process has the folder. */
export function openDatabase({ url, folder }: { url?: string | undefined; folder: string }): Promise<OpenDatabase> {
  return url === undefined ? openEmbedded(folder) : openPostgres(url)
}

async function openEmbedded(folder: string): Promise<OpenDatabase> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = await lockFolder(folder)
  try {
    const client = await PGlite.create(path.join(folder, 'database'))
    const db = drizzlePglite(client, { schema })
    await migratePglite(db, MIGRATIONS)
    return {
      db,
      listen: (channel, heard) => client.listen(channel, heard),
      close: async () => {
        await client.close()
        await unlock()
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({ connectionString: url })
  const db = drizzlePostgres(pool, { schema })
  await migratePostgres(db, MIGRATIONS)
  return { db, listen: (channel, heard) => listenPostgres(url, channel, heard), close: () => pool.end() }
}

async function listenPostgres(url: string, channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  client.on('notification', ({ payload = '' }) => heard(payload))
  await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
  return () => client.end()
}
