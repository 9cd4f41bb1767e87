// The hub and places in the queue on real databases: PGlite, and PostgreSQL as well where it is installed.

import { setTimeout as delay } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabases } from '../../test/support/databases.ts'
import { REQUEST } from '../../test/support/request.ts'
import type { OpenDatabase } from '../db/open.ts'
import { previews, users, videos } from '../db/schema.ts'
import type { JobProgress } from '../db/values.ts'
import { announce } from '../queue/channel.ts'
import { heartbeat } from '../queue/lost.ts'
import { LAST, moveBehind, requestCancel } from '../queue/order.ts'
import { queuePositions } from '../queue/positions.ts'
import { completeJob, reportProgress } from '../queue/report.ts'
import { type Job, takeJob } from '../queue/take.ts'
import { createHub, type VideoHub } from './hub.ts'

const OWNERS = ['ann', 'bob', 'cid']
const databases = await openDatabases('hub')
afterAll(() => databases.close())

describe.each(databases.places)('%s', (_, opened) => {
  let queries = 0
  /** Counts what the hub asks. */
  const db = new Proxy(opened.db, {
    get(target, name, receiver) {
      if (name === 'select') queries++
      return Reflect.get(target, name, receiver) as unknown
    },
  })
  const database: OpenDatabase = { ...opened, db }
  let hub: VideoHub
  beforeEach(async () => {
    await hub?.close()
    await db.execute(sql`truncate users, workers cascade`)
    for (const id of OWNERS) await db.insert(users).values({ id, name: id, role: 'user' })
    await heartbeat(db, { id: 'w1', name: 'w1', device: 'cpu', models: ['demo'] })
    hub = await createHub(database)
    queries = 0
  })
  afterAll(() => hub.close())

  async function enqueue(id: string, values: Partial<typeof videos.$inferInsert> = {}): Promise<void> {
    await db.insert(videos).values({ id, userId: 'ann', model: 'demo', request: REQUEST, position: LAST as never, ...values })
  }
  const take = async (): Promise<Job> => (await takeJob(db, 'w1', ['demo']))!
  const report = (job: Job, percent: number) => {
    const progress: JobProgress = { percent, phase: 'denoising', step: percent, total: 100 }
    return reportProgress(db, job, progress)
  }

  test('any number of polls costs one query until there is news', async () => {
    await enqueue('v1')
    await enqueue('v2')
    const first = await Promise.all(Array.from({ length: 100 }, (_each, i) => hub.get(i % 2 === 0 ? 'v1' : 'v2')))
    expect(first[0]).toMatchObject({ id: 'v1', status: 'queued' })
    expect(queries).toBe(1)
    expect(await hub.get('v1')).toBe(first[0])
    expect(queries).toBe(1)
    await requestCancel(db, 'ann', 'v1')
    await expect.poll(async () => (await hub.get('v1'))?.status).toBe('cancelled')
    expect(queries).toBe(2)
    expect(await hub.get('unknown')).toBeUndefined()
  })

  test('what this process changes is seen at once, even while an older answer is under way', async () => {
    await enqueue('v1')
    const before = hub.get('v1')
    await db.update(videos).set({ priority: 7 }).where(eq(videos.id, 'v1'))
    hub.changed('v1')
    expect((await hub.get('v1'))?.priority).toBe(7)
    expect((await before)?.id).toBe('v1')
  })

  test('all watchers hear of a change at the price of one query, and of a state at once', async () => {
    await enqueue('v1')
    const heard = Array.from({ length: 50 }, () => [] as (string | undefined)[])
    const stops = heard.map((each) =>
      hub.watch('v1', (job, position) => each.push(job && `${job.status} ${job.progress?.percent ?? '-'} ${position ?? '-'}`)),
    )
    await expect.poll(() => heard.every((each) => each.length === 1)).toBe(true)
    queries = 0
    const job = await take()
    await announce(db, 'v1')
    await expect.poll(() => heard.every((each) => each.at(-1) === 'in_progress - -')).toBe(true)
    expect(queries).toBe(1)
    for (let percent = 1; percent <= 20; percent++) await report(job, percent)
    await expect.poll(() => heard.every((each) => each.at(-1) === 'in_progress 20 -')).toBe(true)
    expect(heard[0]!.length).toBeLessThan(10)
    await completeJob(db, job, {}, undefined)
    await expect.poll(() => heard.every((each) => each.at(-1) === 'completed 20 -'), { timeout: 400 }).toBe(true)
    for (const stop of stops.slice(1)) stop()
    await db.delete(videos)
    await announce(db, 'v1')
    await expect.poll(() => heard[0]!.at(-1)).toBeUndefined()
    expect(heard[1]!.at(-1)).toBe('completed 20 -')
    expect(heard[0]).toEqual([...new Set(heard[0])])
  })

  test('who comes later hears the state too, and who waits hears of its place', async () => {
    for (const id of ['v1', 'v2', 'v3']) await enqueue(id)
    const places: (number | undefined)[] = []
    hub.watch('v3', (_job, position) => places.push(position))
    await expect.poll(() => places).toEqual([3])
    const later: (string | undefined)[] = []
    hub.watch('v3', (job) => later.push(job?.id))
    await expect.poll(() => later).toEqual(['v3'])
    await requestCancel(db, 'ann', 'v1')
    await expect.poll(() => places, { timeout: 4000 }).toEqual([3, 2])
    await moveBehind(db, 'ann', 'v3', null)
    hub.changed('v3')
    await expect.poll(() => places, { timeout: 900 }).toEqual([3, 2, 1])
    expect(await hub.position('v2')).toBe(2)
    expect(await hub.position('v1')).toBeUndefined()
  })

  test('lost news heals', async () => {
    await enqueue('v1')
    await hub.close()
    hub = await createHub(database, { freshMs: 500 })
    const heard: unknown[] = []
    hub.watch('v1', (job) => heard.push(job?.priority))
    await expect.poll(() => heard).toEqual([0])
    await db.update(videos).set({ priority: 3 })
    expect((await hub.get('v1'))?.priority).toBe(0)
    await expect.poll(() => heard, { timeout: 3000 }).toEqual([0, 3])
    expect((await hub.get('v1'))?.priority).toBe(3)
  })

  test('pictures: one look for all who ask, and the same object while it is the same', async () => {
    await enqueue('v1')
    expect(await hub.preview('v1')).toBeUndefined()
    await delay(450)
    await db.insert(previews).values({ videoId: 'v1', step: 1, jpeg: new Uint8Array([1, 2]) })
    queries = 0
    const [one, two] = await Promise.all([hub.preview('v1'), hub.preview('v1')])
    expect([one!.step, ...one!.jpeg]).toEqual([1, 1, 2])
    expect(two).toBe(one)
    expect(queries).toBe(2)
    await delay(450)
    expect(await hub.preview('v1')).toBe(one)
    await db.update(previews).set({ step: 2, jpeg: new Uint8Array([3]) })
    await expect.poll(async () => (await hub.preview('v1'))?.step).toBe(2)
  })

  test('places are the order in which one worker takes, whatever the queue looks like', async () => {
    const job = fc.record({ user: fc.constantFrom(...OWNERS), priority: fc.constantFrom(0, 0, 0, 1) })
    const served = fc.uniqueArray(fc.constantFrom(...OWNERS))
    await fc.assert(
      fc.asyncProperty(fc.array(job, { minLength: 1, maxLength: 12 }), served, async (jobs, order) => {
        await db.delete(videos)
        await db.update(users).set({ servedAt: null })
        for (const [i, id] of order.entries())
          await db
            .update(users)
            .set({ servedAt: new Date(i * 1000) })
            .where(eq(users.id, id))
        for (const [i, { user, priority }] of jobs.entries()) await enqueue(`v${i}`, { userId: user, priority, position: i })
        const places = await queuePositions(db)
        const taken: (number | undefined)[] = []
        for (let next = await takeJob(db, 'w1', ['demo']); next; next = await takeJob(db, 'w1', ['demo'])) {
          taken.push(places.get(next.id))
          await completeJob(db, next, {}, undefined)
        }
        expect(taken).toEqual(jobs.map((_each, i) => i + 1))
      }),
      { numRuns: 12 },
    )
  })

  test('who has more running is later, and who paused has no place', async () => {
    for (const id of ['a1', 'a2']) await enqueue(id)
    await take()
    for (const id of ['b1', 'b2']) await enqueue(id, { userId: 'bob' })
    await enqueue('c1', { userId: 'cid' })
    await db.update(users).set({ pausedAt: new Date() }).where(eq(users.id, 'cid'))
    expect([...(await queuePositions(db))]).toEqual([
      ['b1', 1],
      ['a2', 2],
      ['b2', 3],
    ])
  })
})
