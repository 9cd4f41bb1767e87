// Marks while others change the same rows, on PGlite, and on PostgreSQL as well where it is installed, since there they truly meet.

import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabases } from '../../test/support/databases.ts'
import { REQUEST } from '../../test/support/request.ts'
import type { Identity } from '../accounts/identity.ts'
import { users, videos } from '../db/schema.ts'
import { heartbeat } from '../queue/lost.ts'
import { completeJob } from '../queue/report.ts'
import { takeJob } from '../queue/take.ts'
import { restoreVideos, starVideos, trashVideos } from './marks.ts'

const ANN: Identity = { userId: 'ann', name: 'ann', role: 'user', via: 'session', scopes: new Set(['videos:write']) }
const databases = await openDatabases('marks')
afterAll(() => databases.close())

describe.each(databases.places)('%s', (_, { db }) => {
  beforeEach(async () => {
    await db.execute(sql`truncate users, workers cascade`)
    await db.insert(users).values({ id: 'ann', name: 'ann', role: 'user' })
    await heartbeat(db, { id: 'w1', name: 'w1', device: 'cpu', models: ['demo'] })
  })

  async function enqueue(count: number): Promise<string[]> {
    const rows = Array.from({ length: count }, (_each, i) => ({
      id: `v${999 - i}`,
      userId: 'ann',
      model: 'demo',
      request: REQUEST,
      position: i,
    }))
    await db.insert(videos).values(rows)
    return rows.map(({ id }) => id)
  }

  test('many and few of the same videos at the same time do not wait for each other', async () => {
    // They lie against the order of their ids, and are found by the index when they are few: two orders to come by them.
    const ids = (await enqueue(200)).toReversed()
    await db.execute(sql`analyze videos`)
    const few = ids.slice(100, 108)
    const mark = (i: number) => (i % 2 === 0 ? starVideos({ db }, ANN, ids, true) : trashVideos({ db }, ANN, few))
    await Promise.all(Array.from({ length: 6 }, (_each, i) => mark(i)))
    expect(await restoreVideos({ db }, ANN, few)).toEqual(few)
    expect(await db.$count(videos, sql`starred and trashed_at is null and (status = 'cancelled') = (id in ${few})`)).toBe(200)
  })

  test('a video that is taken or done while it is trashed is in the trash, and is what it became', async () => {
    const ids = await enqueue(20)
    const work = async () => {
      for (let job = await takeJob(db, 'w1', ['demo']); job; job = await takeJob(db, 'w1', ['demo']))
        await completeJob(db, job, {}, undefined)
    }
    const [trashed] = await Promise.all([Promise.all(ids.toReversed().map((id) => trashVideos({ db }, ANN, [id]))), work()])
    expect(trashed.flat()).toEqual(ids.toReversed())
    for (const row of await db.select().from(videos)) {
      expect(row).toMatchObject({ trashedAt: expect.any(Date), completedAt: expect.any(Date) })
      expect([row.status, row.attempt]).toEqual(row.attempt > 0 ? ['completed', 1] : ['cancelled', 0])
    }
  })
})
