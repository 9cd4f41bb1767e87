// One generator: it announces its models, hears of jobs, takes them one at a time, and goes when it is told to. Several may run in a
// process and many on a database; what keeps them apart is in the queue's statements.

import os from 'node:os'
import type { Logger } from 'pino'
import { type Closers, createClosers } from '../closers.ts'
import type { Config } from '../config/config.ts'
import type { OpenDatabase } from '../db/open.ts'
import { newId } from '../ids.ts'
import { CHANNEL } from '../queue/channel.ts'
import type { Storage } from '../storage/storage.ts'
import { createBell } from './bell.ts'
import { announceModels, describeModels } from './describe.ts'
import type { Workplace } from './perform.ts'
import { openPipelines } from './pipelines.ts'
import { joinWorkers } from './presence.ts'
import { previewMaps } from './previews.ts'
import { type Taking, takeJobs } from './take-jobs.ts'
import { openWorkFolder } from './work-folder.ts'

export interface WorkerOptions {
  readonly database: OpenDatabase
  readonly storage: Storage
  readonly config: Config
  readonly log: Logger
  /** For people; default: host and process. */
  readonly name?: string
  /** Ends the start: models may have to be downloaded first. */
  readonly signal?: AbortSignal
}

export interface RunningWorker {
  readonly id: string
  /** Fulfilled when it has left, whoever wanted that; rejects when it broke down. */
  readonly ended: Promise<void>
  /** Takes no further job, and ends after the one that it has; one that takes longer than `drainSeconds` goes back to the queue. */
  drain(): Promise<void>
  /** Ends at once; its job goes back to the queue. */
  stop(): Promise<void>
}

/** Describes the models, announces them, and begins to take jobs. Rejects with the library's errors when no model can be opened. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const id = newId('worker')
  const log = options.log.child({ worker: id })
  const leaving = new AbortController()
  const closers = createClosers(log)
  const taking = await join({ ...options, log }, { id, leaving: leaving.signal, closers }).catch(async (error: unknown) => {
    await closers.close()
    throw error
  })
  log.info({ models: taking.models }, 'a worker begins')
  let deadline: NodeJS.Timeout | undefined
  const run = async () => {
    try {
      await takeJobs(taking)
    } finally {
      clearTimeout(deadline)
      await closers.close()
      log.info('a worker has ended')
    }
  }
  const ended = run()
  ended.catch((error: unknown) => log.fatal({ err: error }, 'a worker broke down'))
  const stop = (): Promise<void> => {
    taking.drain()
    leaving.abort()
    taking.running?.interrupt('returned')
    return ended
  }
  return {
    id,
    ended,
    drain() {
      taking.drain()
      deadline ??= setTimeout(() => void stop(), options.config.drainSeconds * 1000)
      return ended
    },
    stop,
  }
}

interface Joining {
  readonly id: string
  readonly leaving: AbortSignal
  /** Gets what undoes each part. */
  readonly closers: Closers
}

/** All that goes before the first job. */
async function join(
  { database, storage, config, log, name = `${os.hostname()} ${process.pid}`, signal }: WorkerOptions,
  { id, leaving, closers }: Joining,
): Promise<Taking> {
  const { db } = database
  const pipelines = openPipelines({ config, log, signal })
  closers.add('models', () => pipelines.dispose())
  const descriptions = await describeModels(config, pipelines, log)
  signal?.throwIfAborted()
  await announceModels(db, descriptions)
  const models = descriptions.map((model) => model.name)
  const folder = await openWorkFolder(config.data)
  closers.add('work folder', () => folder.remove())
  const bell = createBell()
  const check = () => void taking.running?.check()
  const onBeat = (found: 'known' | 'lost') => (found === 'lost' ? taking.running?.interrupt('lost') : check())
  const presence = await joinWorkers({ db, config, log, id, name, models, onBeat })
  closers.add('presence', () => presence.leave())
  const place: Workplace = { db, storage, config, log, pipelines, maps: previewMaps(db, log), folder, leaving }
  const taking: Taking = {
    id,
    models,
    place,
    presence,
    bell,
    running: undefined,
    draining: false,
    drain() {
      if (taking.draining) return
      taking.draining = true
      presence.drain()
      bell.ring()
    },
  }
  const news = (videoId: string) => (videoId === taking.running?.job.id ? check() : bell.ring())
  const regained = () => {
    check()
    bell.ring()
  }
  closers.add('listener', await database.listen(CHANNEL, news, regained))
  return taking
}
