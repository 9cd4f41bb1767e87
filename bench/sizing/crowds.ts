// Crowds of three sizes: how many workers they need, and what they wait on the service's queue with that many.

import type { TestPostgres } from '../../apps/server/test/support/postgres.ts'
import { DAY, demand, type Request } from './demand.ts'
import { FORM, lightWaits, offeredLoad, type Server, servers, workersNeeded } from './fleet.ts'
import type { QueueResults } from './kept.ts'
import { NO_CAP, onService } from './on-service.ts'
import { firstCome } from './policies.ts'
import { seededRandom } from './random.ts'
import { type Run, simulate } from './simulate.ts'
import { accounts, lightOnly, waitsOf } from './waits.ts'

/** Days are many where videos are few, so that one in a hundred is several. */
const SIZES = [
  { registered: 1, days: 60 },
  { registered: 100, days: 14 },
  { registered: 10_000, days: 1 },
] as const
const BOUNDS = [60, 300] as const
const SEED = 7
const HOUR = 3600
/** Of the videos: in the middle of so many a worker dies. */
const DEATHS = 0.005

function summary(run: Run, workers: number) {
  const { fates, seconds, busySeconds } = run
  return { all: waitsOf(fates), light: waitsOf(lightOnly(fates)), busy: busySeconds / seconds / workers, ...accounts(run) }
}

/** The crowd on the real queue, on as many machines of the form as it needs; some of them die soon after a request. */
async function confirm(postgres: TestPostgres, requests: readonly Request[], server: Server, workers: number) {
  const random = seededRandom(SEED)
  const deaths = Array.from(
    { length: Math.round(requests.length * DEATHS) },
    () => requests[Math.floor(random.uniform() * requests.length)]!.at + 5,
  )
  const shop = { workers, deaths, seconds: ({ video }: Request) => server.seconds(video) }
  const begin = performance.now()
  const run = await onService(postgres, NO_CAP, requests, shop)
  const plain = await simulate(requests, firstCome(), { workers, seconds: shop.seconds })
  return {
    deaths: deaths.length,
    ...summary(run, workers),
    firstCome: summary(plain, workers).light,
    realSeconds: (performance.now() - begin) / 1000,
  }
}

export async function sizes(postgres: TestPostgres): Promise<QueueResults['sizes']> {
  const results = []
  for (const { registered, days } of SIZES) {
    const crowd = { requests: demand({ registered, days, seed: SEED }), seconds: days * DAY }
    const { requests } = crowd
    const perHour = Object.values(Object.groupBy(requests, ({ at }) => Math.floor(at / HOUR)))
    const needed = []
    for (const server of servers()) {
      const workers = []
      for (const bound of BOUNDS) workers.push({ bound, workers: await workersNeeded(crowd, server, bound) })
      needed.push({ name: server.name, title: server.title, load: offeredLoad(requests, server, crowd.seconds), workers })
    }
    const form = servers().find(({ name }) => name === FORM)!
    const workers = needed.find(({ name }) => name === FORM)!.workers[0]!.workers
    const real = { title: form.title, workers, ...(await confirm(postgres, requests, form, workers)) }
    console.log(registered, JSON.stringify({ needed, real }))
    results.push({
      registered,
      days,
      videosADay: requests.length / days,
      peakHour: Math.max(...perHour.map((hour) => hour!.length)),
      needed,
      real,
    })
  }
  return results
}

/** 95 of 100 waits of the largest crowd, by the number of workers. */
export async function curves(): Promise<QueueResults['curves']> {
  const { registered, days } = SIZES[2]
  const requests = demand({ registered, days, seed: SEED })
  const curvesOf = servers().map(async (server) => {
    const least = Math.max(1, Math.ceil(1.1 * offeredLoad(requests, server, days * DAY)))
    const points = []
    for (let workers = least; points.length < 14; workers = Math.max(workers + 1, Math.round(workers * 1.12))) {
      const { p95 } = await lightWaits(requests, server, workers)
      points.push({ x: workers, y: p95 })
      if (p95 < 1) break
    }
    return { title: server.title, points }
  })
  return Promise.all(curvesOf)
}
