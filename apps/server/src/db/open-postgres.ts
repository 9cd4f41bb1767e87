// PostgreSQL as the database. A lost connection is the pool's to replace: whoever asks meanwhile is refused, the process goes on.

import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import type { Logger } from 'pino'
import { ServerError } from '../errors.ts'
import { listenPostgres } from './listen.ts'
import type { OpenDatabase } from './open.ts'
import * as schema from './schema.ts'

const CONNECT_WITHIN_MS = 10_000
/** Any number that other programs in the same database do not lock. */
const MIGRATION_LOCK = 0x6b_69_6e_6f

/** An error of a connection that a transaction holds, or that is refused while it is made, reaches who waits for it; without a listener it would end the process too. */
class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    this.on('error', () => {})
  }
}

export async function openPostgres(url: string, migrationsFolder: string, log: Logger | undefined): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    Client: QuietClient,
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    application_name: 'kinora',
  })
  // Of a connection that nobody uses: without a listener it would end the process.
  pool.on('error', (error) => log?.warn({ err: error }, 'a connection to the database was lost'))
  let closed: Promise<void> | undefined
  try {
    await migrateAlone(pool, migrationsFolder)
  } catch (error) {
    await pool.end()
    throw unusable(error, url)
  }
  return {
    db: drizzle(pool, { schema }),
    listen: (channel, heard, regained) => listenPostgres(url, channel, heard, regained),
    close: () => (closed ??= pool.end()),
  }
}

/** Of several processes that start at once, one migrates and the others find it done. */
async function migrateAlone(pool: pg.Pool, migrationsFolder: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    // Ending the connection frees the lock, whatever became of the migration.
    client.release(true)
  }
}

/** Errors of the network may have no message of their own, and the URL has the password in it. */
function unusable(error: unknown, url: string): ServerError {
  const { hostname = '', pathname = '' } = URL.parse(url) ?? {}
  const why = error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error)
  const place = hostname === '' ? 'the database' : `the database ${pathname.slice(1)} at ${hostname}`
  return new ServerError(`cannot use ${place}: ${why}. See that it runs and that --database-url is right`, {
    status: 503,
    code: 'database_unavailable',
    cause: error,
  })
}
