// The service under kill -9: jobs come in, and processes of it are killed at random moments and started again, until all jobs have
// ended. PostgreSQL with one server and three workers, or one process with the embedded database.

import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Config, configSchema } from '../../../src/config/config.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { checkFiles, checkRows, checkTemporary, checkVideos, processesWith, watchEnds } from './check.ts'
import { type Client, createClient, listAll } from './client.ts'
import { keepRunning, type Slot } from './slot.ts'

export interface ChaosOptions {
  readonly jobs: number
  /** How long there are kills. */
  readonly seconds: number
  /** Of PostgreSQL; without it one process with the embedded database. */
  readonly databaseUrl?: string | undefined
  readonly workers?: number
  /** Of one video. */
  readonly steps?: number
  /** Milliseconds between kills, at most. By itself such that a process mostly has time to start. */
  readonly pause?: number
  readonly say?: (line: string) => void
}

export interface ChaosReport {
  readonly accepted: number
  readonly completed: number
  /** By code. */
  readonly failed: Readonly<Record<string, number>>
  /** Different videos that were played. */
  readonly played: number
  readonly kills: Readonly<Record<string, number>>
  readonly seconds: number
  /** Sentences; empty when all is well. */
  readonly violations: readonly string[]
}

const TINY = fileURLToPath(new URL('../../../../../packages/kinora/test/fixtures/checkpoints/ms', import.meta.url))
/** Of a queue of which nothing ends. */
const STUCK_MS = 120_000

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-chaos-'))
  try {
    return await storm(options, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function storm(options: ChaosOptions, folder: string): Promise<ChaosReport> {
  const { jobs, seconds, databaseUrl, workers = 3, say = () => {} } = options
  const begun = performance.now()
  const violations: string[] = []
  const violate = (sentence: string) => {
    violations.push(sentence)
    say(`violation: ${sentence}`)
  }
  const config = configSchema.parse({ data: path.join(folder, 'data'), databaseUrl: databaseUrl ?? null })
  await withDatabase(config, watchEnds)
  const mark = `KINORA_CHAOS=${randomUUID()}`
  const start = starter(options, folder, mark, violate)
  const server = start('server')
  const client = createClient(() => server.url(), violate)
  // A worker wants to see that a service has used the folder.
  await client.ask('/health')
  const slots = [server, ...Array.from({ length: databaseUrl === undefined ? 0 : workers }, (_, i) => start(`worker ${i + 1}`))]
  await client.ask('/ready')
  say(`ready after ${since(begun)} s`)
  const over = new AbortController()
  const watching = client.watch(over.signal)
  const killing = killAtRandom(slots, options)
  const pace = (seconds * 600) / jobs
  const accepted = await Promise.all(
    Array.from({ length: jobs }, (_, i) => wait(i * pace).then(() => client.submit(wishOf(i, options), `chaos-${i}`))),
  )
  say(`${accepted.length} accepted after ${since(begun)} s`)
  const kills = await killing
  say(`the last kill after ${since(begun)} s`)
  await allEnded(client, violate)
  say(`all ended after ${since(begun)} s`)
  over.abort()
  await watching
  const played = await checkVideos(client, folder, violate)
  await Promise.all(slots.map((slot) => slot.stop()))
  await wait(500)
  for (const line of processesWith(mark)) violate(`a process is still there: ${line}`)
  const rows = await withDatabase(config, async (db) => {
    const found = await checkRows(db, accepted, violate)
    await checkFiles(db, config, found, violate)
    return found
  })
  await checkTemporary([path.join(folder, 'tmp'), path.join(config.data, 'work'), path.join(config.data, 'uploads')], violate)
  const failed = Object.fromEntries(
    [
      ...Map.groupBy(
        rows.filter(({ status }) => status === 'failed'),
        (row) => row.errorCode ?? '',
      ),
    ].map(([code, of]) => [code, of.length]),
  )
  const completed = rows.filter(({ status }) => status === 'completed').length
  return { accepted: accepted.length, completed, failed, played, kills, seconds: since(begun), violations }
}

async function withDatabase<T>(config: Config, action: (db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<T>): Promise<T> {
  const open = await openDatabase({ url: config.databaseUrl ?? undefined, folder: config.data })
  try {
    return await action(open.db)
  } finally {
    await open.close()
  }
}

function starter({ databaseUrl }: ChaosOptions, folder: string, mark: string, violate: (sentence: string) => void): (name: string) => Slot {
  for (const name of ['tmp', 'cache']) mkdirSync(path.join(folder, name))
  const [variable = '', value = ''] = mark.split('=')
  const env = {
    [variable]: value,
    TMPDIR: path.join(folder, 'tmp'),
    KINORA_CACHE: path.join(folder, 'cache'),
    KINORA_HEARTBEAT_SECONDS: '0.5',
    KINORA_LOST_AFTER_SECONDS: '3',
    KINORA_LIMITS_QUEUED: '10000',
    KINORA_LIMITS_REQUESTS_PER_MINUTE: '1000000',
  }
  const shared = ['--data', path.join(folder, 'data'), '--model', `tiny=${TINY}`, '--device', 'cpu', '--log-level', 'error']
  if (databaseUrl !== undefined) shared.push('--database-url', databaseUrl)
  const serve = ['serve', '--port', '0', '--auth', 'none', '--workers', databaseUrl === undefined ? '1' : '0', ...shared]
  return (name) => keepRunning({ name, args: name === 'server' ? serve : ['worker', ...shared], env, violate })
}

/** Few seeds, so that some videos have the same bytes. */
function wishOf(i: number, { steps = 12 }: ChaosOptions): object {
  return { prompt: `video ${i % 5}`, size: '64x64', num_frames: 2 + (i % 3), num_inference_steps: steps, seed: i % 7 }
}

async function killAtRandom(
  slots: readonly Slot[],
  { seconds, pause = 16_000 / slots.length }: ChaosOptions,
): Promise<Record<string, number>> {
  const kills: Record<string, number> = {}
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    await wait(pause * (0.2 + 0.8 * Math.random()))
    const victim = slots[Math.floor(Math.random() * slots.length)]!
    if (victim.kill()) kills[victim.name] = (kills[victim.name] ?? 0) + 1
  }
  return kills
}

async function allEnded(client: Client, violate: (sentence: string) => void): Promise<void> {
  let [most, until] = [Number.POSITIVE_INFINITY, 0]
  for (;;) {
    const open = (await listAll(client)).filter(({ status }) => status === 'queued' || status === 'in_progress')
    if (open.length === 0) return
    if (open.length < most) until = Date.now() + STUCK_MS
    if (Date.now() > until)
      return violate(`${open.length} videos do not end: ${open.map(({ id, status }) => `${id} ${status}`).join(', ')}`)
    most = open.length
    await wait(500)
  }
}

function since(begun: number): number {
  return Math.round((performance.now() - begun) / 1000)
}

/** One line of it. */
export function summary({ accepted, completed, failed, played, kills, seconds, violations }: ChaosReport): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  const failures = Object.keys(failed).length > 0 ? ` (${list(failed)})` : ''
  return `chaos: ${accepted} accepted, ${completed} completed, ${accepted - completed} failed${failures}, ${played} different videos played; kills: ${list(kills)}; ${violations.length} violations; ${seconds} s`
}
