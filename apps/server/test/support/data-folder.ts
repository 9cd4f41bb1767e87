// A data folder of a test with an empty database in it. Making a database takes seconds, a copy of one does not; the one that
// is copied is made once and kept with other caches.

import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/db/open.ts'

const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/kinora-test-database', import.meta.url))
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** A new folder, to be removed by the test. `name` tells whose it was, should it stay. */
export async function dataFolder(name: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), `kinora-${name}-`))
  await putDatabase(folder)
  return folder
}

/** Puts the empty database into a folder. */
async function putDatabase(folder: string): Promise<void> {
  const template = path.join(CACHE, version())
  if (!existsSync(template)) await make(template)
  cpSync(template, path.join(folder, 'database'), { recursive: true })
}

/** What the database is made of: another package or migration makes another one. */
function version(): string {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.resolve('@electric-sql/pglite'))))
  for (const file of globSync('*.sql', { cwd: MIGRATIONS }).toSorted()) hash.update(readFileSync(path.join(MIGRATIONS, file)))
  return hash.digest('hex').slice(0, 16)
}

async function make(template: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(path.join(CACHE, 'new-'))
  try {
    await (await openDatabase({ folder })).close()
    if (!existsSync(template)) renameSync(path.join(folder, 'database'), template)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
