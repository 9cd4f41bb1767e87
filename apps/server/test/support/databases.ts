// An empty database of each kind: PGlite, and PostgreSQL where it is installed, since there requests truly run at the same time.

import { rmSync } from 'node:fs'
import { type OpenDatabase, openDatabase } from '../../src/db/open.ts'
import { dataFolder } from './data-folder.ts'
import { startPostgres } from './postgres.ts'

export interface Databases {
  /** By name, for test.each. */
  readonly places: [string, OpenDatabase][]
  close(): Promise<void>
}

export async function openDatabases(name: string): Promise<Databases> {
  const postgres = await startPostgres()
  const folder = await dataFolder(name)
  const places: Databases['places'] = [['PGlite', await openDatabase({ folder })]]
  if (postgres) places.push(['PostgreSQL', await openDatabase({ url: await postgres.createDatabase(), folder })])
  return {
    places,
    async close() {
      for (const [, database] of places) await database.close()
      await postgres?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
