// What is kept, and for how long: by age, by all that is stored, and what belongs to nobody. One pass; whoever runs the service
// makes one every few minutes, and several at once do no harm.

import type { Services } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { expireNext } from './expire.ts'
import { heldKeys } from './held.ts'
import { mayRemoveBytes } from './keys.ts'
import { removeBytes } from './remove-bytes.ts'

export interface KeptOut {
  /** Videos whose files are given up. */
  readonly expired: number
  /** Files of these. */
  readonly removed: number
  /** Files that no video had. */
  readonly orphans: number
}

type Parts = Pick<Services, 'config' | 'db' | 'storage' | 'log'>

/** A file without a row may still get one: its worker stores first and tells second. */
const ORPHAN_AFTER_MS = 3_600_000
const LOOKED_UP_AT_ONCE = 500

/** `orphanAfter` in milliseconds. */
export async function keepOut(services: Parts, { orphanAfter = ORPHAN_AFTER_MS }: { orphanAfter?: number } = {}): Promise<KeptOut> {
  const { storage, config, log } = services
  const old = new Date(Date.now() - orphanAfter)
  const aged = await expireAged(services)
  const stored = await listAll(storage)
  const lonely = await removeBytes(services, await lonelyKeys(services, stored, old))
  for (const key of lonely ?? []) stored.delete(key)
  const crowded = await expireOldest(services, stored, config.retention.bytes ?? Number.POSITIVE_INFINITY)
  await storage.removeUnfinished(old).catch((error: unknown) => log.warn({ err: error }, 'unfinished files cannot be removed'))
  const kept = { expired: aged.expired + crowded.expired, removed: aged.removed + crowded.removed, orphans: lonely?.length ?? 0 }
  if (kept.expired + kept.orphans > 0) log.info(kept, 'removed what is not kept')
  return kept
}

type Stored = Map<string, { readonly bytes: number; readonly changed: Date }>

async function listAll(storage: Storage): Promise<Stored> {
  const stored: Stored = new Map()
  for await (const { key, ...file } of storage.list()) stored.set(key, file)
  return stored
}

/** A first look without locks; most keys are held, and need none. */
async function lonelyKeys({ db }: Parts, stored: Stored, before: Date): Promise<string[]> {
  const keys = [...stored].filter(([, { changed }]) => changed < before).map(([key]) => key)
  const lonely: string[] = []
  for (let at = 0; at < keys.length; at += LOOKED_UP_AT_ONCE) {
    const some = keys.slice(at, at + LOOKED_UP_AT_ONCE)
    const held = await heldKeys(db, some)
    lonely.push(...some.filter((key) => !held.has(key)))
  }
  return lonely
}

async function expireAged(services: Parts): Promise<Omit<KeptOut, 'orphans'>> {
  let [expired, removed] = [0, 0]
  for (;;) {
    const next = await expireNext(services, services.config.retention)
    if (next.length === 0) return { expired, removed }
    expired += next.length
    removed += (await removeBytes(services, unique(next.flatMap(({ keys }) => keys))))?.length ?? 0
  }
}

/** One at a time, until the rest is within the limit. Not while a backup runs: nothing would become less, however many were given up. */
async function expireOldest(services: Parts, stored: Stored, limit: number): Promise<Omit<KeptOut, 'orphans'>> {
  let total = [...stored.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  let [expired, removed] = [0, 0]
  while (total > limit && (await services.db.transaction(mayRemoveBytes))) {
    const [next] = await expireNext(services, undefined, 1)
    if (!next) break
    expired++
    const gone = await removeBytes(services, next.keys)
    if (!gone) break
    removed += gone.length
    for (const key of gone) total -= stored.get(key)?.bytes ?? 0
  }
  return { expired, removed }
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)]
}
