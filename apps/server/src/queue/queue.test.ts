// The queue on real databases: PGlite, and PostgreSQL as well where it is installed.

import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabases } from '../../test/support/databases.ts'
import { REQUEST } from '../../test/support/request.ts'
import { users, videos, workers } from '../db/schema.ts'
import { CHANNEL } from './channel.ts'
import { heartbeat, reclaimLost } from './lost.ts'
import { LAST, moveBehind, requestCancel } from './order.ts'
import { cancelJob, completeJob, failJob, reportProgress, returnJob } from './report.ts'
import { type Job, takeJob } from './take.ts'

const MODELS = ['demo']
const databases = await openDatabases('queue')
afterAll(() => databases.close())

describe.each(databases.places)('%s', (_, { db, listen }) => {
  beforeEach(async () => {
    await db.execute(sql`truncate users, workers cascade`)
    for (const id of ['ann', 'bob']) await db.insert(users).values({ id, name: id, role: 'user' })
    for (const id of ['w1', 'w2']) await heartbeat(db, { id, name: id, device: 'cpu', models: MODELS })
  })

  async function enqueue(userId: string, values: Partial<typeof videos.$inferInsert> = {}): Promise<string> {
    const id = values.id ?? `video_${randomUUID()}`
    await db.insert(videos).values({ id, userId, model: 'demo', request: REQUEST, position: LAST as never, ...values })
    return id
  }
  const take = async (worker = 'w1', models = MODELS): Promise<Job> => (await takeJob(db, worker, models))!
  const row = async (id: string) => (await db.select().from(videos).where(eq(videos.id, id)))[0]!

  test('takes by priority, then in turn between users, then in order', async () => {
    for (const id of ['a1', 'a2', 'a3']) await enqueue('ann', { id })
    for (const id of ['b1', 'b2']) await enqueue('bob', { id })
    await enqueue('bob', { id: 'urgent', priority: 1 })
    const order: string[] = []
    for (;;) {
      const job = await takeJob(db, 'w1', MODELS)
      if (!job) break
      order.push(job.id)
      await completeJob(db, job, {}, undefined)
    }
    expect(order).toEqual(['urgent', 'a1', 'b1', 'a2', 'b2', 'a3'])
  })

  test('who has fewer running is first, and only models that the worker has are given', async () => {
    await enqueue('ann', { id: 'a1' })
    await enqueue('ann', { id: 'a2' })
    await enqueue('bob', { id: 'b1', model: 'large' })
    expect((await take()).id).toBe('a1')
    await enqueue('bob', { id: 'b2' })
    expect((await take('w2')).id).toBe('b2')
    expect(await takeJob(db, 'w1', [])).toBeUndefined()
    expect((await take('w1', ['large'])).id).toBe('b1')
    expect((await take()).id).toBe('a2')
    expect(await takeJob(db, 'w1', MODELS)).toBeUndefined()
  })

  test('jobs of a user who paused wait', async () => {
    await enqueue('ann', { id: 'a1' })
    await enqueue('bob', { id: 'b1' })
    await db.update(users).set({ pausedAt: sql`now()` }).where(eq(users.id, 'ann'))
    expect((await take()).id).toBe('b1')
    expect(await takeJob(db, 'w1', MODELS)).toBeUndefined()
    await db.update(users).set({ pausedAt: null }).where(eq(users.id, 'ann'))
    expect((await take()).id).toBe('a1')
  })

  test('many at once never take the same one', async () => {
    for (let i = 0; i < 20; i++) await enqueue(i % 2 === 0 ? 'ann' : 'bob')
    const taken = await Promise.all(Array.from({ length: 30 }, (_each, i) => takeJob(db, `w${(i % 2) + 1}`, MODELS)))
    const ids = taken.flatMap((job) => job?.id ?? [])
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(ids.length)
    while (await takeJob(db, 'w1', MODELS)) ids.push('')
    expect(ids).toHaveLength(20)
  })

  test('a worker that was given up changes nothing any more', async () => {
    const id = await enqueue('ann')
    const first = await take('w1')
    await db.delete(workers).where(eq(workers.id, 'w1'))

    expect(await heartbeat(db, { id: 'w2', name: 'w2', device: 'cpu', models: MODELS })).toBe(true)
    expect(await reclaimLost(db, 60)).toEqual({ again: [id], failed: [] })
    const second = await take('w2')
    expect(second).toMatchObject({ id, attempt: 2 })
    expect(await reportProgress(db, first, { percent: 50, phase: 'denoising', step: 1, total: 2 })).toBe(false)
    expect(await completeJob(db, first, {}, 60)).toBe(false)
    expect(await failJob(db, first, 'failed', 'no')).toBe(false)
    expect(await returnJob(db, first)).toBe(false)
    expect(await reportProgress(db, second, { percent: 10, phase: 'denoising', step: 1, total: 2 })).toBe(true)
    expect(await completeJob(db, second, {}, 60)).toBe(true)
    expect(await row(id)).toMatchObject({ status: 'completed', progress: { percent: 10 } })
    expect((await row(id)).expiresAt!.getTime() - (await row(id)).completedAt!.getTime()).toBe(60_000)
  })

  test('a job whose worker is lost twice has failed; one that was cancelled meanwhile is cancelled', async () => {
    const [id, other] = [await enqueue('ann'), await enqueue('bob')]
    for (const expected of [{ again: [id, other].sort() }, { failed: [id] }]) {
      await take('w1')
      await take('w1')
      await db.update(workers).set({ heardAt: sql`now() - interval '5 minutes'` })
      if ('failed' in expected) await requestCancel(db, 'bob', other)
      const found = await reclaimLost(db, 60)
      expect({ again: found.again.sort(), failed: found.failed }).toEqual({ again: [], failed: [], ...expected })
    }
    expect(await row(id)).toMatchObject({ status: 'failed', errorCode: 'worker_lost' })
    expect(await row(other)).toMatchObject({ status: 'cancelled' })
    expect(await heartbeat(db, { id: 'w1', name: 'w1', device: 'cpu', models: MODELS })).toBe(false)
    expect(await takeJob(db, 'w1', MODELS)).toBeUndefined()
  })

  test('a returned job keeps its place and is no attempt', async () => {
    const [id] = [await enqueue('ann'), await enqueue('ann')]
    expect(await returnJob(db, await take())).toBe(true)
    expect(await take()).toMatchObject({ id, attempt: 1 })
  })

  test('moving, also often into the same gap', async () => {
    const ids = ['v1', 'v2', 'v3']
    for (const id of ids) await enqueue('ann', { id })
    expect(await moveBehind(db, 'ann', 'v3', null)).toBe(true)
    expect(await moveBehind(db, 'ann', 'v1', 'v2')).toBe(true)
    expect(await moveBehind(db, 'bob', 'v1', null)).toBe(false)
    expect(await moveBehind(db, 'ann', 'v1', 'gone')).toBe(false)
    for (let i = 0; i < 200; i++) expect(await moveBehind(db, 'ann', i % 2 === 0 ? 'v1' : 'v2', 'v3')).toBe(true)
    const order = [await take(), await take(), await take()].map(({ id }) => id)
    expect(order).toEqual(['v3', 'v2', 'v1'])
    expect(await moveBehind(db, 'ann', 'v1', null)).toBe(false)
  })

  test('cancelling: at once what waits, by its worker what runs, never what has ended or is another one’s', async () => {
    const [waiting, running] = [await enqueue('ann', { priority: 0 }), await enqueue('ann', { priority: 1 })]
    const job = await take()
    expect(job.id).toBe(running)
    expect(await requestCancel(db, 'bob', waiting)).toBe(false)
    expect(await requestCancel(db, 'ann', waiting)).toBe(true)
    expect(await row(waiting)).toMatchObject({ status: 'cancelled', completedAt: expect.any(Date) as Date })
    expect(await requestCancel(db, 'ann', running)).toBe(true)
    expect(await row(running)).toMatchObject({ status: 'in_progress', completedAt: null })
    expect(await reportProgress(db, job, { percent: 50, phase: 'denoising', step: 1, total: 2 })).toBe(false)
    expect(await cancelJob(db, job)).toBe(true)
    expect(await requestCancel(db, 'ann', running)).toBe(false)
  })

  test('every change is heard', async () => {
    const heard: string[] = []
    const stop = await listen(CHANNEL, (id) => heard.push(id))
    const id = await enqueue('ann')
    const job = await take()
    await reportProgress(db, job, { percent: 1, phase: 'loading', step: 0, total: 1 })
    await completeJob(db, job, {}, undefined)
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(2)
    expect(new Set(heard)).toEqual(new Set([id]))
    await stop()
  })
})
