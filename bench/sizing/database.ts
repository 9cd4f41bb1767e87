// What the database bears: real milliseconds of accepting, taking and ending a video, through the service's own functions, on a real
// PostgreSQL (Debian: postgresql) that has the rows of a long life; and how many a second many workers at once take. It does not wait
// for a disk (fsync is off): a disk adds its flush to each commit. Kept in docs/numbers/database.json for page.ts.
//
//   node --conditions=kinora-dev bench/sizing/database.ts       # two minutes on a quiet machine

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenDatabase, openDatabase } from '../../apps/server/src/db/open.ts'
import { completeJob } from '../../apps/server/src/queue/report.ts'
import { takeJob } from '../../apps/server/src/queue/take.ts'
import { startPostgres, type TestPostgres } from '../../apps/server/test/support/postgres.ts'
import { cpuKind, describeMachine } from '../machine.ts'
import { fillHistory } from './history.ts'
import { type DatabaseResults, type Times, writeKept } from './kept.ts'
import { MODEL, openServiceQueue } from './service-queue.ts'
import { VIDEO_KINDS } from './videos.ts'

const USERS = 10_000
/** Completed videos in the table; and waiting ones of one user, who made a twentieth of the others. */
const LIVES = [
  { completed: 1000, waiting: 20 },
  { completed: 100_000, waiting: 20 },
  { completed: 100_000, waiting: 500 },
] as const
const TAKERS = [1, 4, 16, 64, 200] as const
/** Each opens up to ten connections, and PostgreSQL's own default is 100 in all. */
const POOLS = 9
const POOL = 10
const JOBS = 600
const RUNNING = 200
const TIMES = 40

async function timed(count: number, action: (i: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const begin = performance.now()
    await action(i)
    times.push(performance.now() - begin)
  }
  return timesOf(times)
}

function timesOf(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)]!, p95: sorted[Math.floor(sorted.length * 0.95)]! }
}

async function life(postgres: TestPostgres, folder: string, { completed, waiting }: { completed: number; waiting: number }) {
  const queue = await openServiceQueue({
    url: await postgres.createDatabase(),
    folder,
    settings: { limits: { queued: 100_000 } },
    clock: 'real',
  })
  const { scheduler, database } = queue
  await fillHistory(database.db, { users: USERS, completed, ofHeavy: completed / 20, running: RUNNING, waiting })
  const tickets: Awaited<ReturnType<typeof scheduler.take>>[] = []
  const ask = (user: string) => scheduler.ask({ at: 0, user, heavy: false, video: VIDEO_KINDS[0]! })
  await timed(10, (i) => ask(`new${i}`))
  const accept = await timed(TIMES, (i) => ask(`asking${i}`))
  const take = await timed(TIMES, async () => tickets.push(await scheduler.take('measured')))
  const end = await timed(TIMES, (i) => scheduler.end(tickets[i]!))
  await database.db.execute(`update videos set status = 'cancelled' where status = 'queued'`)
  const nothing = await timed(TIMES, () => scheduler.take('measured'))
  await queue.close()
  console.log(completed, waiting, JSON.stringify({ accept, take, end, nothing }))
  return { completed, waiting, accept, take, end, nothing }
}

/** So many workers take and end until nothing waits. */
async function together(postgres: TestPostgres, folder: string, takers: number) {
  const url = await postgres.createDatabase()
  const connections = Math.min(takers, POOLS * POOL)
  const databases: OpenDatabase[] = []
  for (let i = 0; i < Math.min(takers, POOLS); i++) databases.push(await openDatabase({ url, folder }))
  await fillHistory(databases[0]!.db, { users: USERS, completed: 20_000, ofHeavy: 0, running: 0, waiting: JOBS })
  await databases[0]!.db.execute(`update videos set user_id = 'user' || position where status = 'queued'`)
  const times: number[] = []
  const taken: string[] = []
  const work = async (taker: number) => {
    const { db } = databases[taker % databases.length]!
    for (;;) {
      const begin = performance.now()
      const job = await takeJob(db, `worker${taker}`, [MODEL])
      times.push(performance.now() - begin)
      if (!job) return
      taken.push(job.id)
      await completeJob(db, job, {}, undefined)
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: takers }, (_, taker) => work(taker)))
  const seconds = (performance.now() - begin) / 1000
  for (const database of databases) await database.close()
  const result = {
    takers,
    connections,
    jobsPerSecond: taken.length / seconds,
    take: timesOf(times),
    duplicates: taken.length - new Set(taken).size,
  }
  console.log(JSON.stringify(result))
  return result
}

async function measureDatabase(postgres: TestPostgres): Promise<DatabaseResults> {
  const folder = mkdtempSync(join(tmpdir(), 'kinora-database-'))
  const machine = describeMachine()
  try {
    const lives: DatabaseResults['lives'][number][] = []
    for (const one of LIVES) lives.push(await life(postgres, folder, one))
    const crowds: DatabaseResults['together'][number][] = []
    for (const takers of TAKERS) crowds.push(await together(postgres, folder, takers))
    return { date: new Date().toISOString(), machine: cpuKind(machine), load: machine.load, lives, together: crowds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const postgres = await startPostgres()
if (!postgres) throw new Error('PostgreSQL is not installed: apt install postgresql')
try {
  console.log(writeKept('database', await measureDatabase(postgres)))
} finally {
  await postgres.stop()
}
