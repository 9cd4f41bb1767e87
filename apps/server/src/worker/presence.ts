// A worker's sign of life, and its eye on those of others.

import os from 'node:os'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { heartbeat, leave, reclaimLost } from '../queue/lost.ts'

export interface Presence {
  /** From now on the row says that it takes no further job. */
  drain(): void
  /** Leaves and comes back, so that whatever the database thinks this worker is at goes to the queue by the rules of lost jobs. */
  rejoin(): Promise<void>
  /** No further heartbeat, and no row. */
  leave(): Promise<void>
}

interface PresenceOptions {
  readonly db: Database
  readonly config: Config
  readonly log: Logger
  readonly id: string
  readonly name: string
  readonly models: readonly string[]
  /** After each heartbeat. `lost`: the worker was given up meanwhile, and its job belongs to others. */
  readonly onBeat: (state: 'known' | 'lost') => void
}

/** Begins with a heartbeat; rejects when the database does not take it. */
export async function joinWorkers({ db, config, log, id, name, models, onBeat }: PresenceOptions): Promise<Presence> {
  const row = { id, name, device: config.device === 'auto' ? 'cpu' : config.device, models: [...models], memoryBytes: os.totalmem() }
  let draining = false
  let beating: Promise<void> = Promise.resolve()

  async function beat(): Promise<void> {
    try {
      const known = await heartbeat(db, { ...row, draining })
      onBeat(known ? 'known' : 'lost')
      await reclaimLost(db, config.lostAfterSeconds)
    } catch (error) {
      log.warn({ err: error }, 'the heartbeat does not reach the database')
    }
  }

  await heartbeat(db, { ...row, draining })
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    beating = beat().finally(() => {
      busy = false
    })
  }, config.heartbeatSeconds * 1000)
  return {
    drain() {
      draining = true
      beating = Promise.all([beating, beat()]).then(() => {})
    },
    async rejoin() {
      await beating
      await leave(db, [id])
      await reclaimLost(db, config.lostAfterSeconds)
      await heartbeat(db, { ...row, draining })
    },
    async leave() {
      clearInterval(timer)
      await beating
      await leave(db, [id])
    },
  }
}
