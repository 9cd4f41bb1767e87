// One process at a time in a data folder: PGlite has no lock of its own, and a second writer loses rows of both. The
// lock is a file with the holder's process in it; one that a killed process left is taken over.

import { open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { ServerError } from '../errors.ts'

const LOCK_FILE = 'kinora.lock'

/** Takes the folder; the result gives it back. Rejects with ServerError while another process has it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, LOCK_FILE)
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.writeFile(JSON.stringify({ pid: process.pid, started: await startOf(process.pid) }))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const pid = await holder(text)
    if (pid !== undefined)
      throw new ServerError(`the data folder ${folder} is in use by process ${pid}: stop it, or name another folder with --data`, {
        status: 503,
        code: 'data_in_use',
      })
    await takeAway(file, text)
  }
}

/** Only what was looked at: meanwhile another process may have taken the lock anew. */
async function takeAway(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}`
  await rename(file, aside).catch(() => {})
  if ((await readFile(aside, 'utf8').catch(() => text)) !== text) await rename(aside, file)
  else await rm(aside, { force: true })
}

/** The process that holds it, when it still runs. */
async function holder(text: string): Promise<number | undefined> {
  try {
    const { pid, started } = JSON.parse(text) as { pid: number; started: string }
    process.kill(pid, 0)
    return pid !== process.pid && (await startOf(pid)) === started ? pid : undefined
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 0 : undefined
  }
}

/** Tells a process from a later one of the same number; '' where the system does not say. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
