// Keys of the storage are shared: two videos with the same bytes have one file. Who makes a row name a key, and who removes bytes that no
// row names, lock the key before they look, so that neither acts on what the other one is about to change.

import { sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { digestOf, type Storage } from '../storage/storage.ts'

/** A transaction with these keys locked until it ends. In it, see that the bytes are there, then write the row. */
export function withKeys<T>(db: Database, keys: readonly string[], action: (tx: Database) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await lockKeys(tx, keys)
    return action(tx)
  })
}

/** Takes the locks in one order for all, so that two never wait for each other. */
async function lockKeys(tx: Pick<Database, 'execute'>, keys: readonly string[]): Promise<void> {
  for (const lock of new Set(keys.map(lockOf).toSorted())) await tx.execute(sql`select pg_advisory_xact_lock(${lock}::bit(64)::bigint)`)
}

export interface PutFile {
  readonly key: string
  /** The local file that was put. */
  readonly path: string
  readonly mediaType: string
}

/** Writes a row that names files which have just been put; what was removed since, because nobody named it yet, is put again. */
export function nameFiles<T>(
  { db, storage }: { db: Database; storage: Storage },
  files: readonly PutFile[],
  write: (tx: Database) => Promise<T>,
): Promise<T> {
  return withKeys(
    db,
    files.map(({ key }) => key),
    async (tx) => {
      for (const { key, path, mediaType } of files) if ((await storage.size(key)) === undefined) await storage.put(key, path, mediaType)
      return write(tx)
    },
  )
}

/** 64 bits of the digest, as PostgreSQL reads bits in hexadecimal digits. */
function lockOf(key: string): string {
  return `x${digestOf(key).slice(0, 16)}`
}

/** Of the advisory lock that a backup holds while it copies; no meaning. */
const BACKUP = 5_302_716_604

/** For a transaction that is a backup's: no bytes are removed while it runs. */
export async function lockForBackup(tx: Pick<Database, 'execute'>): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${BACKUP}::bigint)`)
}

/** For a transaction that removes bytes. False while a backup runs. */
export async function mayRemoveBytes(tx: Database): Promise<boolean> {
  const [row] = await tx.select({ free: sql<boolean>`pg_try_advisory_xact_lock_shared(${BACKUP}::bigint)` }).from(sql`(select) as one`)
  return row?.free === true
}
