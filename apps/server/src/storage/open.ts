// The storage that the settings name: a bucket of S3, or a folder beside the database.

import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'
import { localStorage } from './local.ts'
import { s3Storage } from './s3.ts'
import { parseS3Url, s3Credentials } from './s3-address.ts'
import type { Storage } from './storage.ts'

/** Rejects with ServerError where it cannot be written. */
export async function openStorage(config: Pick<Config, 'data' | 'storage'>): Promise<Storage> {
  const storage =
    config.storage === null
      ? localStorage(path.join(config.data, 'files'))
      : s3Storage({ ...parseS3Url(config.storage, process.env), ...s3Credentials(process.env) })
  await checkStorage(storage)
  return storage
}

/** An answer that was had is good for so long: /ready is asked often. */
const FRESH = 10_000
const PATIENCE = 20_000
const checked = new WeakMap<Storage, { at: number; result: Promise<void> }>()

/** Writes something at most every ten seconds. Rejects with ServerError where that fails or takes too long. */
export function checkStorage(storage: Storage): Promise<void> {
  const last = checked.get(storage)
  if (last && performance.now() - last.at < FRESH) return last.result
  const result = inTime(storage.probe())
  checked.set(storage, { at: performance.now(), result })
  return result
}

async function inTime(probe: Promise<void>): Promise<void> {
  const abort = new AbortController()
  const late = wait(PATIENCE, undefined, { signal: abort.signal, ref: false }).then(() => {
    throw new ServerError('the storage of videos does not answer', { status: 503, code: 'storage_unavailable' })
  })
  try {
    await Promise.race([probe, late])
  } finally {
    abort.abort()
    late.catch(() => {})
    probe.catch(() => {})
  }
}
