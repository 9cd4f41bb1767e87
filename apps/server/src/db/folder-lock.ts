// One process at a time in a data folder: PGlite has no lock of its own, and a second writer loses rows of both. The lock is
// the system's own, on an empty file, held through SQLite, since Node opens no other way to it: the system frees it
// when the holder ends in whatever way, and it holds between containers that share the folder, whose process numbers say nothing.
// The file itself stays. Nothing else in this process may open it: closing it there would free the lock.

import { readFileSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ServerError } from '../errors.ts'

const LOCK_FILE = 'kinora.lock'
/** Says who holds the lock; for people only. */
const HOLDER_FILE = 'kinora.pid'
const SQLITE_BUSY = 5

/** Kept from the garbage collector, which would close them. */
const held = new Set<DatabaseSync>()

/** Takes the folder; the result gives it back, and may be called again. Rejects with ServerError while another process has it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = take(folder)
  const note = path.join(folder, HOLDER_FILE)
  const removeNote = () => rmSync(note, { force: true })
  held.add(lock)
  process.once('exit', removeNote)
  await writeFile(note, JSON.stringify({ pid: process.pid, host: os.hostname() }), { mode: 0o600 })
  return async () => {
    if (!held.delete(lock)) return
    process.off('exit', removeNote)
    await rm(note, { force: true })
    lock.close()
  }
}

function take(folder: string): DatabaseSync {
  const lock = new DatabaseSync(path.join(folder, LOCK_FILE), { timeout: 0 })
  try {
    lock.exec('pragma journal_mode = memory; pragma locking_mode = exclusive; begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)) throw error
    throw new ServerError(`the data folder ${folder} is in use by ${holder(folder)}: stop it, or name another folder with --data`, {
      status: 503,
      code: 'data_in_use',
    })
  }
}

function holder(folder: string): string {
  try {
    const { pid, host } = JSON.parse(readFileSync(path.join(folder, HOLDER_FILE), 'utf8')) as { pid: number; host: string }
    return pid === process.pid && host === os.hostname()
      ? 'this process itself'
      : `process ${pid}${host === os.hostname() ? '' : ` of ${host}`}`
  } catch {
    return 'another process'
  }
}
