// The service's own queue as the simulation's scheduler: the functions that servers and workers call (apps/server: accept, take,
// report, lost), unchanged, on a real database with virtual time. Not run: HTTP, the models, and the news between processes, which the
// simulation stands for by letting an idle worker look at once.

import type { Identity } from '../../apps/server/src/accounts/identity.ts'
import { configSchema } from '../../apps/server/src/config/config.ts'
import { type OpenDatabase, openDatabase } from '../../apps/server/src/db/open.ts'
import { models, users } from '../../apps/server/src/db/schema.ts'
import { ServerError } from '../../apps/server/src/errors.ts'
import { createLog } from '../../apps/server/src/log.ts'
import { heartbeat, reclaimLost } from '../../apps/server/src/queue/lost.ts'
import { completeJob } from '../../apps/server/src/queue/report.ts'
import { type Job, takeJob } from '../../apps/server/src/queue/take.ts'
import type { Services } from '../../apps/server/src/services.ts'
import { openStorage } from '../../apps/server/src/storage/open.ts'
import { acceptVideo } from '../../apps/server/src/videos/accept.ts'
import { createHub } from '../../apps/server/src/watch/hub.ts'
import type { Overrides } from '../../apps/server/test/support/service.ts'
import type { Request } from './demand.ts'
import type { Scheduler, Ticket } from './simulate.ts'
import { installVirtualClock, setVirtualTime } from './virtual-clock.ts'

export const MODEL = 'ms'
const DEFAULTS = { width: 256, height: 256, num_frames: 16, num_inference_steps: 25, guidance_scale: 9, strength: 0.6, fps: 8 }
const DESCRIPTION = { name: MODEL, title: 'ms', license: null, defaults: DEFAULTS, size_multiple: 8, scheduler: 'DDIMScheduler', loras: [] }

export interface ServiceQueue {
  readonly scheduler: Scheduler
  readonly database: OpenDatabase
  readonly services: Services
  close(): Promise<void>
}

interface Place {
  readonly url?: string
  /** For the embedded database, and for stored files. */
  readonly folder: string
  /** Settings of the service that are not its defaults. */
  readonly settings?: Overrides
  /** Default: virtual. The real one is for measuring what statements take. */
  readonly clock?: 'virtual' | 'real'
}

/** On an empty database. */
export async function openServiceQueue({ url, folder, settings = {}, clock = 'virtual' }: Place): Promise<ServiceQueue> {
  const place = { folder, ...(url !== undefined && { url }) }
  let database = await openDatabase(place)
  if (clock === 'virtual') await installVirtualClock(database.db)
  if (clock === 'virtual' && url !== undefined) {
    await database.close()
    database = await openDatabase(place)
  }
  const config = configSchema.parse({ data: folder, models: [{ name: MODEL, source: MODEL }], ...settings })
  const hub = await createHub(database)
  const { db, listen } = database
  const services: Services = { config, db, listen, hub, log: createLog('silent'), storage: await openStorage(config) }
  await db.insert(models).values({ name: MODEL, description: DESCRIPTION })
  return {
    scheduler: scheduler(services),
    database,
    services,
    async close() {
      await hub.close()
      await database.close()
    },
  }
}

function scheduler(services: Services): Scheduler {
  const { db, config } = services
  const known = new Set<string>()
  const held = new Map<string, Job>()
  const beat = (id: string) => heartbeat(db, { id, name: id, device: 'cpu', models: [MODEL] })

  async function identityOf(user: string): Promise<Identity> {
    if (!known.has(user)) await db.insert(users).values({ id: user, name: user, role: 'user' })
    known.add(user)
    return { userId: user, name: user, role: 'user', via: 'key', scopes: new Set(['videos:write']) }
  }

  return {
    setTime: (seconds) => setVirtualTime(db, seconds),
    async ask({ user, video }: Request) {
      const { frames, steps, width, height } = video
      const wish = { task: 'generate', prompt: 'a panda', num_frames: frames, num_inference_steps: steps, width, height, seed: 1 } as const
      try {
        return (await acceptVideo(services, await identityOf(user), wish)).job.id
      } catch (error) {
        if (error instanceof ServerError && error.status === 429) return undefined
        throw error
      }
    },
    join: async (worker) => void (await beat(worker)),
    async take(worker): Promise<Ticket | undefined> {
      const job = await takeJob(db, worker, [MODEL])
      if (!job) return undefined
      held.set(key({ id: job.id, worker, attempt: job.attempt }), job)
      return { id: job.id, worker, attempt: job.attempt }
    },
    async end(ticket) {
      const job = held.get(key(ticket))!
      held.delete(key(ticket))
      return completeJob(db, job, {}, undefined)
    },
    async reclaim(alive) {
      for (const worker of alive) await beat(worker)
      return (await reclaimLost(db, config.lostAfterSeconds)).failed
    },
  }
}

function key({ id, worker, attempt }: Ticket): string {
  return `${id} ${worker} ${attempt}`
}
