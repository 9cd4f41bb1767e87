// A folder for the files of the jobs that a worker is at. It goes with the worker; one that a killed process left is removed by the next
// worker of that machine.

import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** No job runs for so long; of machines that never come back. */
const OLD_MS = 7 * 24 * 3600 * 1000

export interface WorkFolder {
  /** Calls `use` with an empty folder that is removed afterwards. */
  with<T>(use: (folder: string) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

/** Folders of this process's workers. */
const own = new Set<string>()

export async function openWorkFolder(data: string): Promise<WorkFolder> {
  const parent = path.join(data, 'work')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await removeLeft(parent)
  const folder = path.join(parent, `${os.hostname()}-${process.pid}-${own.size}-${Date.now().toString(36)}`)
  own.add(folder)
  return {
    async with(use) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const place = await mkdtemp(path.join(folder, 'job-'))
      try {
        return await use(place)
      } finally {
        await rm(place, { recursive: true, force: true })
      }
    },
    async remove() {
      await rm(folder, { recursive: true, force: true })
      own.delete(folder)
    },
  }
}

async function removeLeft(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = path.join(parent, name)
    if (!own.has(folder) && (await isLeft(folder, name))) await rm(folder, { recursive: true, force: true })
  }
}

async function isLeft(folder: string, name: string): Promise<boolean> {
  const info = await stat(folder).catch(() => undefined)
  if (!info?.isDirectory()) return false
  if (Date.now() - info.mtimeMs > OLD_MS) return true
  const [, host, pid] = /^(.+)-(\d+)-\d+-[a-z0-9]+$/.exec(name) ?? []
  return host === os.hostname() && !(Number(pid) !== process.pid && isRunning(Number(pid)))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
