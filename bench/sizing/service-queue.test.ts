// The service's real queue in virtual time, on the embedded database: the policy in memory follows it wait by wait, rows have virtual
// times, lost workers' jobs are made again and once, and caps refuse.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { dataFolder } from '../../apps/server/test/support/data-folder.ts'
import type { Request } from './demand.ts'
import { fairPolicy } from './policies.ts'
import { seededRandom } from './random.ts'
import { openServiceQueue, type ServiceQueue } from './service-queue.ts'
import { type Run, simulate } from './simulate.ts'
import { VIDEO_KINDS } from './videos.ts'
import { accounts } from './waits.ts'

let [queue, folder]: [ServiceQueue | undefined, string] = [undefined, '']
beforeAll(async () => {
  folder = await dataFolder('sizing')
  queue = await openServiceQueue({ folder, settings: { limits: { queued: 8 } } })
})
beforeEach(async () => {
  await queue!.database.db.execute('truncate videos, usage, workers cascade')
  await queue!.database.db.execute('update users set served_at = null')
})
afterAll(async () => {
  await queue?.close()
  rmSync(folder, { recursive: true, force: true })
})

const users = ['ann', 'bob', 'cid', 'heavy']
function crowd(count: number): Request[] {
  const random = seededRandom(5)
  const requests = Array.from({ length: count }, () => {
    const user = users[random.weighted([1, 1, 1, 4])]!
    return { at: random.uniform() * 60, user, heavy: user === 'heavy', video: VIDEO_KINDS[0]! }
  })
  return requests.toSorted((a, b) => a.at - b.at)
}
const waits = ({ fates }: Run) => fates.map(({ at, user, wait }) => `${user} ${at.toFixed(3)} ${wait?.toFixed(3)}`)

test('the policy in memory gives every request the wait that the real queue gives', async () => {
  const requests = crowd(14)
  const shop = { workers: 2, seconds: ({ user }: Request) => (user === 'bob' ? 13.1 : 6.3) }
  const real = await simulate(requests, queue!.scheduler, shop)
  expect(waits(real)).toEqual(waits(await simulate(requests, fairPolicy(), shop)))
  expect(accounts(real)).toEqual({ refused: 0, again: 0, failed: 0, lost: 0, duplicate: 0 })
  const result = await queue!.database.db.execute(
    `select extract(epoch from started_at - created_at)::float8 as waited, extract(epoch from completed_at - started_at)::float8 as took
     from videos where status = 'completed' order by created_at`,
  )
  const { rows } = result as { rows: { waited: number; took: number }[] }
  expect(rows.map(({ waited }) => waited.toFixed(1))).toEqual(real.fates.map(({ wait }) => wait!.toFixed(1)))
  expect(new Set(rows.map(({ took }) => took.toFixed(1)))).toEqual(new Set(['6.3', '13.1']))
})

test('what dies with two workers is given up, as the service says, and is not lost', async () => {
  const requests = crowd(1)
  const run = await simulate(requests, queue!.scheduler, { workers: 1, seconds: () => 200, deaths: [100, 220] })
  expect(accounts(run)).toEqual({ refused: 0, again: 1, failed: 1, lost: 0, duplicate: 0 })
})

test('what a dead worker had is made again, once; a cap refuses what is too much', async () => {
  const requests = crowd(22)
  const run = await simulate(requests, queue!.scheduler, { workers: 1, seconds: () => 9, deaths: [20] })
  const { refused, ...rest } = accounts(run)
  expect(rest).toEqual({ again: 1, failed: 0, lost: 0, duplicate: 0 })
  expect(refused).toBeGreaterThan(0)
  expect(run.fates.filter(({ ended }) => ended === 1)).toHaveLength(requests.length - refused)
})
