// Bytes go when no row needs them. The row has changed before, so that a failure here leaves a file too many (which a later
// pass removes as an orphan), never a row without its file.

import type { Services } from '../services.ts'
import { heldKeys } from './held.ts'
import { mayRemoveBytes, withKeys } from './keys.ts'

type Parts = Pick<Services, 'db' | 'storage'>

/** Keys that are locked at a time: of an embedded database, nobody else is served meanwhile. */
const AT_ONCE = 16

/** Of these keys, those whose bytes were removed; undefined when a backup runs, and nothing is removed until it has ended. */
export async function removeBytes(services: Parts, keys: readonly string[]): Promise<string[] | undefined> {
  const removed: string[] = []
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = await removeSome(services, keys.slice(at, at + AT_ONCE))
    if (!some) return undefined
    removed.push(...some)
  }
  return removed
}

function removeSome({ db, storage }: Parts, keys: readonly string[]): Promise<string[] | undefined> {
  return withKeys(db, keys, async (tx) => {
    if (!(await mayRemoveBytes(tx))) return undefined
    const held = await heldKeys(tx, keys)
    const free = keys.filter((key) => !held.has(key))
    await Promise.all(free.map((key) => storage.remove(key)))
    return free
  })
}
