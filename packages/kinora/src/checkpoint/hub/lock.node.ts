// Locks between processes, as files that only one can create. The owner renews its file every few seconds; a file that is not
// renewed, or whose owner is known to be dead, is taken away. Two owners at once are possible then, in the instant between two
// looks, and do no harm: both write the same bytes to the same places. Python's filelock has its own files beside these (`flock`
// cannot be had without a native package, and it empties the files that it locks); its downloads go to files of their own.

import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, readlink, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { isJsonObject } from '../json.ts'
import { pause } from './retry.node.ts'

export const LOCK_EXTENSION = '.kinora.lock'

const RENEW_MS = 5_000
/** Without a renewal in this time an owner is taken for dead: many times the above, for one whose event loop is blocked. */
const DEAD_AFTER_MS = 60_000
/** A file without an owner in it: someone creates it right now, or was killed doing so. */
const NAMELESS_AFTER_MS = 1_000
const LOOK_EVERY_MS = 200

interface Owner {
  id: string
  pid: number
  machine: string
}

export interface LockOptions {
  signal: AbortSignal | undefined
  /** Called while another process has the lock. */
  onWait: () => Promise<void> | void
}

/** Calls `work` while no other process has the lock. Rejects with the signal's reason while it waits. */
export async function withLock<T>(file: string, { signal, onWait }: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true })
  const owner: Owner = { id: randomUUID(), pid: process.pid, machine: await thisMachine() }
  while (!(await create(file, owner))) {
    signal?.throwIfAborted()
    if (await isAbandoned(file)) await rm(file, { force: true })
    else {
      await onWait()
      await pause(LOOK_EVERY_MS, signal)
    }
  }
  const renewal = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), RENEW_MS)
  renewal.unref()
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    if ((await readOwner(file))?.id === owner.id) await rm(file, { force: true })
  }
}

/** Whether a process holds a lock in a folder. */
export async function isAnyLocked(folder: string): Promise<boolean> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(LOCK_EXTENSION))
  const live = names.map(async (name) => {
    const file = path.join(folder, name)
    return (await readOwner(file)) !== undefined && !(await isAbandoned(file))
  })
  return (await Promise.all(live)).includes(true)
}

async function create(file: string, owner: Owner): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  if (!handle) return false
  try {
    await handle.writeFile(JSON.stringify(owner))
    return true
  } catch (error) {
    await rm(file, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const owner = await readOwner(file)
  const info = await stat(file).catch(() => undefined)
  if (!info) return false
  if (owner?.machine === (await thisMachine()) && !isAlive(owner.pid)) return true
  return Date.now() - info.mtimeMs > (owner ? DEAD_AFTER_MS : NAMELESS_AFTER_MS)
}

async function readOwner(file: string): Promise<Owner | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    const value: unknown = JSON.parse(text)
    if (!isJsonObject(value)) return undefined
    const { id, pid, machine } = value
    return typeof id === 'string' && typeof pid === 'number' && typeof machine === 'string' ? { id, pid, machine } : undefined
  } catch {
    return undefined
  }
}

/** A process of another user is alive too, and may not be signalled. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

let machine: Promise<string> | undefined

/** Where process numbers mean the same: on Linux one boot and one namespace, since containers may share a host's name. */
function thisMachine(): Promise<string> {
  machine ??= Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readlink('/proc/self/ns/pid')]).then(
    ([boot, namespace]) => `${boot.trim()} ${namespace}`,
    () => hostname(),
  )
  return machine
}
