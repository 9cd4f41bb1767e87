// A whole service in this process: opens its parts in order, listens, and closes them in reverse. Signals, words for people
// and exit codes are the command line's.

import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { prepareAccounts } from './accounts/prepare.ts'
import { purgeAccounts } from './accounts/purge.ts'
import type { App } from './app-type.ts'
import { startChores } from './chores.ts'
import { createClosers, endOf } from './closers.ts'
import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { markFolder } from './data-folder.ts'
import { openDatabase } from './db/open.ts'
import { ServerError } from './errors.ts'
import { buildApp } from './http/app.ts'
import { createLog } from './log.ts'
import { reclaimLost } from './queue/lost.ts'
import { keepOut } from './retention/retention.ts'
import { emptyTrash } from './retention/trash.ts'
import type { Services } from './services.ts'
import { openStorage } from './storage/open.ts'
import { createHub } from './watch/hub.ts'
import { type RunningWorker, startWorker, type WorkerOptions } from './worker/worker.ts'

export interface RunningService {
  /** Where it listens: http://ADDRESS:PORT */
  readonly url: string
  /** Where the first administrator is made; only until there is one. */
  readonly setupLink: string | undefined
  readonly app: App
  readonly services: Services
  /** Resolves when its own workers take jobs, for which they may have to download models first. */
  readonly ready: Promise<void>
  /** Resolves when the service is closed; rejects when one of its own workers broke down. */
  readonly ended: Promise<void>
  /** Takes no more requests, ends what watches, lets jobs end as long as `drainSeconds` allow, then closes the rest. Idempotent. */
  close(): Promise<void>
}

const RETENTION_SECONDS = 600
const EMPTY_TRASH_SECONDS = 60
const PURGE_SECONDS = 3600
const LAST_ANSWERS_MS = 10_000

export interface StartOptions {
  readonly log?: Logger
  /** Ends the start of workers, which may download models. What has started is ended by its `close`. */
  readonly signal?: AbortSignal
}

/** Rejects with ConfigError, ServerError or the library's errors when it cannot start; then nothing is left open. */
export async function serve(config: Config, { log = createLog(config.logLevel), signal }: StartOptions = {}): Promise<RunningService> {
  checkAddress(config)
  const closers = createClosers(log)
  try {
    const database = await openDatabase({ url: config.databaseUrl ?? undefined, folder: config.data, log })
    closers.add('database', () => database.close())
    const storage = await openStorage(config)
    if (config.databaseUrl !== null && config.storage === null) await markFolder(database.db, config)
    const hub = await createHub(database)
    closers.add('hub', () => hub.close())
    const services: Services = { config, db: database.db, listen: database.listen, storage, hub, log }
    const { setupLink } = await prepareAccounts(services)
    const chores = await beginChores(services)
    closers.add('chores', chores)
    const app = await buildApp(services)
    const workers = beginWorkers(config.workers, { database, storage, config, log, ...(signal && { signal }) })
    closers.add('workers', () => workers.drain())
    closers.add('requests', () => endRequests(app, workers))
    const url = await listen(app, config)
    const link = setupLink === undefined ? undefined : here(setupLink, url, config)
    const ready = workers.started.then(() => {})
    ready.catch(() => {}) // `ended` tells
    return { url, setupLink: link, app, services, ready, ended: endOf(closers, workers.ended), close: () => closers.close() }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** The link knows the settings, which may leave the port to the system. */
function here(link: string, url: string, { publicUrl }: Config): string {
  const { pathname, hash } = new URL(link)
  return publicUrl === null ? `${url}${pathname}${hash}` : link
}

/** Who needs no log-in is everyone who reaches the port. */
function checkAddress({ auth, host }: Config): void {
  if (auth === 'none' && !/^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host))
    throw new ConfigError(
      `auth is none and host is ${host}: without log-in the service listens on this machine only. Take 127.0.0.1 for host, or accounts for auth`,
    )
}

async function beginChores(services: Services): Promise<() => Promise<void>> {
  const { config, db, log } = services
  // Nobody else has an embedded database, so workers that it knows of are gone.
  if (config.databaseUrl === null) await reclaimLost(db, 0)
  return startChores(
    [
      { name: 'lost workers', everySeconds: config.lostAfterSeconds / 3, run: () => reclaimLost(db, config.lostAfterSeconds) },
      { name: 'retention', everySeconds: RETENTION_SECONDS, run: () => keepOut(services) },
      { name: 'trash', everySeconds: EMPTY_TRASH_SECONDS, run: () => emptyTrash(services) },
      { name: 'accounts', everySeconds: PURGE_SECONDS, run: () => purgeAccounts(db) },
    ],
    log,
  )
}

interface Workers {
  readonly started: Promise<readonly RunningWorker[]>
  /** Rejects when one could not begin, or broke down. */
  readonly ended: Promise<void>
  drain(): Promise<void>
}

/** They open their models while the service answers already. */
function beginWorkers(count: number, options: WorkerOptions): Workers {
  const leaving = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal
  const started = startWorkers(count, { ...options, signal })
  const ended = started.then(async (workers) => void (await Promise.all(workers.map((worker) => worker.ended))))
  ended.catch(() => {}) // endOf tells
  return {
    started,
    ended: count === 0 ? new Promise(() => {}) : ended,
    async drain() {
      leaving.abort(new ServerError('the service stops', { status: 503, code: 'stopping' }))
      const workers = await started.catch(() => [])
      await Promise.all(workers.map((worker) => worker.drain()))
    },
  }
}

async function startWorkers(count: number, options: WorkerOptions): Promise<readonly RunningWorker[]> {
  const starting = await Promise.allSettled(Array.from({ length: count }, () => startWorker(options)))
  const workers = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = starting.find((one) => one.status === 'rejected')
  if (!failed) return workers
  await Promise.all(workers.map((worker) => worker.stop()))
  throw failed.reason
}

/** Requests that wait for a video get it while the workers finish. Who takes an answer slowly is cut off in the end. */
async function endRequests(app: App, workers: Workers): Promise<void> {
  const answered = app.close()
  await workers.drain().catch(() => {}) // told when they are closed
  const cut = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS)
  await answered
  clearTimeout(cut)
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw cannotListen(error, host, port)
  }
  const { address, family, port: actual } = app.server.address() as AddressInfo
  const shown = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${shown}:${actual}`
}

function cannotListen(error: unknown, host: string, port: number): unknown {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there: stop it, or take another port with --port',
    EACCES: 'that port is not for every user: take one from 1024 on with --port',
    EADDRNOTAVAIL: 'that is no address of this machine: name one of its own with --host, or 0.0.0.0 for all',
    ENOTFOUND: 'that is no address of this machine: name one of its own with --host, or 0.0.0.0 for all',
  }
  const reason = error instanceof Error && 'code' in error ? reasons[String(error.code)] : undefined
  if (reason === undefined) return error
  return new ServerError(`cannot listen at ${host}, port ${port}: ${reason}`, { status: 503, code: 'cannot_listen', cause: error })
}
