// A worker in a process of its own, on any machine that reaches the database and the storage.

import { createClosers, endOf } from './closers.ts'
import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { checkFolder } from './data-folder.ts'
import { openDatabase } from './db/open.ts'
import { createLog } from './log.ts'
import type { StartOptions } from './serve.ts'
import { openStorage } from './storage/open.ts'
import { startWorker } from './worker/worker.ts'

export interface RunningWork {
  /** Of the worker, as the service lists it. */
  readonly id: string
  /** Resolves when it is closed; rejects when it broke down. */
  readonly ended: Promise<void>
  /** Lets the job end as long as `drainSeconds` allow, then closes the rest. */
  close(): Promise<void>
}

interface WorkOptions extends StartOptions {
  /** For people; the machine's by itself. */
  readonly name?: string | undefined
}

/** Rejects with ConfigError, ServerError or the library's errors when it cannot start; then nothing is left open. */
export async function work(config: Config, { log = createLog(config.logLevel), signal, name }: WorkOptions = {}): Promise<RunningWork> {
  if (config.databaseUrl === null)
    throw new ConfigError(
      'a worker needs the database that it shares with the service: --database-url postgres://USER:PASSWORD@HOST/DATABASE',
    )
  const closers = createClosers(log)
  try {
    const database = await openDatabase({ url: config.databaseUrl, folder: config.data, log })
    closers.add('database', () => database.close())
    if (config.storage === null) await checkFolder(database.db, config)
    const storage = await openStorage(config)
    const worker = await startWorker({ database, storage, config, log, ...(signal && { signal }), ...(name !== undefined && { name }) })
    closers.add('worker', () => worker.drain())
    return { id: worker.id, ended: endOf(closers, worker.ended), close: () => closers.close() }
  } catch (error) {
    await closers.close()
    throw error
  }
}
