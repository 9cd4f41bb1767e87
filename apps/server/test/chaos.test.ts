// A short storm (support/chaos): with PostgreSQL and several processes where it is installed, else one process with the embedded
// database. The long one is chaos.ts, by hand.

import { afterAll, expect, test } from 'vitest'
import { runChaos } from './support/chaos/run.ts'
import { startPostgres } from './support/postgres.ts'

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

test('kill -9 at random moments loses no accepted video, and leaves nothing behind', { timeout: 180_000 }, async () => {
  const report = await runChaos({ jobs: 6, seconds: 5, workers: 2, steps: 4, pause: 2500, databaseUrl: await postgres?.createDatabase() })
  expect(report.violations).toEqual([])
  expect(report).toMatchObject({ accepted: 6 })
  expect(report.completed).toBeGreaterThan(0)
  expect(Object.values(report.kills).length).toBeGreaterThan(0)
})
