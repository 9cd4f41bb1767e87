// Videos in a folder are only there for who has the same folder. A worker with another one would make videos that the service never
// finds, so the service leaves a mark in its folder and in the database, and a worker looks for it.

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import type { Database } from './db/open.ts'
import { facts } from './db/schema.ts'

const FACT = 'data_folder'
const MARK_FILE = 'kinora.id'

/** The service's own folder, also one that a backup was restored to. */
export async function markFolder(db: Database, { data }: Config): Promise<void> {
  await db.insert(facts).values({ name: FACT, value: randomUUID() }).onConflictDoNothing()
  await mkdir(data, { recursive: true, mode: 0o700 })
  await writeFile(path.join(data, MARK_FILE), (await markOf(db)) ?? '')
}

/** Rejects with ConfigError when the folder is not the service's. */
export async function checkFolder(db: Database, { data }: Config): Promise<void> {
  const [wanted, found] = await Promise.all([markOf(db), readFile(path.join(data, MARK_FILE), 'utf8').catch(() => undefined)])
  if (wanted !== undefined && wanted === found) return
  const why =
    wanted === undefined ? 'no service with a folder has used this database yet: start it first' : 'the service keeps its videos elsewhere'
  throw new ConfigError(`${data} cannot take videos, since ${why}. Name the folder that both share with --data, or S3 with --storage`)
}

async function markOf(db: Database): Promise<string | undefined> {
  const [fact] = await db.select().from(facts).where(eq(facts.name, FACT))
  return fact?.value
}
