// Reading videos and ordering the queue over HTTP.

import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, json, REQUEST, startVideosService, type VideosService } from '../../../test/support/videos.ts'
import { users, videos } from '../../db/schema.ts'
import { cancelJob, failJob, reportProgress } from '../../queue/report.ts'
import { takeJob } from '../../queue/take.ts'
import { videoObject } from '../../watch/video-object.ts'

let service: VideosService['service']
let services: VideosService['services']
let { ann, bob, enqueue, take, completed, as, reset } = {} as VideosService

beforeAll(async () => {
  ;({ service, services, ann, bob, enqueue, take, completed, as, reset } = await startVideosService())
})
afterAll(() => service.close())
beforeEach(() => reset())

describe('reading', () => {
  test('a video is its own OpenAI object with the effective values, whatever state it is in', async () => {
    const id = await enqueue()
    const waiting = await json(as(ann, `/v1/videos/${id}`))
    expect(waiting).toMatchObject({ id, object: 'video', status: 'queued', progress: 0, queue_position: 1, seconds: '2', size: '64x64' })
    expect(waiting).toMatchObject({ lora: [{ name: 'ink', scale: 0.5 }], task: 'generate', phase: null, warnings: [], error: null })
    videoObject.strict().parse(waiting)
    const job = await take()
    await reportProgress(services.db, job, { percent: 41.7, phase: 'denoising', step: 1, total: 2, secondsLeft: 3.5 })
    await expect.poll(async () => (await json(as(ann, `/v1/videos/${id}`))).progress).toBe(41)
    const running = await json(as(ann, `/v1/videos/${id}`))
    expect(running).toMatchObject({
      status: 'in_progress',
      phase: 'denoising',
      step: 1,
      total_steps: 2,
      seconds_left: 3.5,
      queue_position: null,
    })
    await failJob(services.db, job, 'out_of_memory', 'too large')
    await expect.poll(async () => (await json(as(ann, `/v1/videos/${id}`))).status).toBe('failed')
    const failed = await json(as(ann, `/v1/videos/${id}`))
    expect(failed).toMatchObject({ progress: 41, error: { code: 'out_of_memory', message: 'too large' }, phase: null })
    videoObject.strict().parse(failed)
  })

  test('only its owner and administrators see it; for all others it is not there', async () => {
    const id = await completed()
    for (const [method, at, body] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/content'],
      ['GET', '/events'],
      ['POST', '/cancel'],
      ['POST', '/move', { after: null }],
      ['PATCH', '', { prompt: 'x' }],
    ] as const)
      for (const video of [id, 'video_unknown'])
        expect(await codeOf(as(bob, `/v1/videos/${video}${at}`, { method, ...(body && { body }) }), 404)).toBe('video_not_found')
    expect(await json(as(undefined, `/v1/videos/${id}`))).toMatchObject({ id })
    expect(await codeOf(service.fetch(`/v1/videos/${id}`, { key: null }), 401)).toBe('not_authenticated')
  })

  test('lists page by page in both directions, also when times are equal', async () => {
    const ids: string[] = []
    for (let i = 0; i < 7; i++) ids.push(await enqueue({ createdAt: new Date(1_700_000_000_000 + Math.floor(i / 3) * 1000) }))
    await enqueue({ userId: bob.id })
    for (const order of ['asc', 'desc'] as const) {
      const seen: string[] = []
      let after = ''
      for (let pages = 0; pages < 10; pages++) {
        type Page = { data: { id: string }[]; has_more: boolean; last_id: string; first_id: string }
        const page: Page = await json<Page>(as(ann, `/v1/videos?limit=3&order=${order}${after}`))
        seen.push(...page.data.map(({ id }) => id))
        expect(page.first_id).toBe(page.data[0]?.id)
        if (!page.has_more) break
        after = `&after=${page.last_id}`
      }
      expect(seen).toEqual(order === 'asc' ? ids.toSorted() : ids.toSorted().toReversed())
    }
    expect(await json(as(ann, '/v1/videos?limit=0'))).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: true })
    expect(await codeOf(as(ann, '/v1/videos?after=video_x'), 404)).toBe('video_not_found after')
    expect(await codeOf(as(ann, '/v1/videos?limit=101'), 400)).toBe('invalid_value limit')
  })

  test('administrators list others’ videos, users do not', async () => {
    for (const { id } of [ann, bob]) await enqueue({ userId: id })
    const count = async (at: string, who?: { key: string }) => (await json<{ data: unknown[] }>(as(who, at))).data.length
    expect(await count('/v1/videos')).toBe(0)
    expect(await count('/v1/videos?all=true')).toBe(2)
    expect(await count(`/v1/videos?user=${bob.id}`)).toBe(1)
    expect(await count(`/v1/videos?user=${ann.id}`, ann)).toBe(1)
    expect(await codeOf(as(ann, '/v1/videos?all=true'), 403)).toBe('not_administrator all')
    expect(await codeOf(as(ann, `/v1/videos?user=${bob.id}`), 403)).toBe('not_administrator user')
  })

  test('lists are filtered by words, model, star and state', async () => {
    const of = (prompt: string, values: Parameters<typeof enqueue>[0] = {}) => enqueue({ request: { ...REQUEST, prompt }, ...values })
    const panda = await of('A Panda eats bamboo', { starred: true })
    const straße = await of('ÉCOLE, 100% of a straße_1', { model: 'other' })
    const back = await of(String.raw`a back\slash`, { status: 'failed' })
    const fox = await of('a fox and a panda', { status: 'cancelled', starred: true })
    const bobs = await of('a panda', { userId: bob.id })
    const ids = async (query: Record<string, string>, who: { key: string } = ann) => {
      const search = new URLSearchParams({ order: 'asc', ...query }).toString()
      return (await json<{ data: { id: string }[] }>(as(who, `/v1/videos?${search}`))).data.map(({ id }) => id)
    }
    expect(await ids({ search: '  ' })).toEqual([panda, straße, back, fox])
    expect(await ids({ search: 'PANDA' })).toEqual([panda, fox])
    expect(await ids({ search: 'panda  fox\ta' })).toEqual([fox])
    expect(await ids({ search: 'école' })).toEqual([straße])
    for (const [search, found] of [
      ['100%', [straße]],
      ['0%o', []],
      ['e_1', [straße]],
      ['pan_a', []],
      ['k\\s', [back]],
      ['\\', [back]],
      [panda.toUpperCase(), [panda]],
      [`${panda} bamboo`, [panda]],
      [panda.slice(1), []],
    ] as const)
      expect([search, await ids({ search })]).toEqual([search, found])
    expect(await ids({ model: 'other' })).toEqual([straße])
    expect(await ids({ starred: 'true' })).toEqual([panda, fox])
    expect(await ids({ starred: 'false', search: 'a' })).toEqual([straße, back])
    expect(await ids({ status: 'failed' })).toEqual([back, fox])
    expect(await ids({ status: 'queued', model: 'tiny' })).toEqual([panda])
    expect(await ids({ status: 'completed' })).toEqual([])
    expect(await ids({ all: 'true', search: 'panda' }, service)).toEqual([panda, fox, bobs])
    expect(await codeOf(as(ann, '/v1/videos?status=cancelled'), 400)).toBe('invalid_value status')
    expect(await codeOf(as(ann, `/v1/videos?search=${'x'.repeat(201)}`), 400)).toBe('invalid_value search')
  })

  test('pages of a filtered list leave nothing out, also when their last video matches no more', async () => {
    const starred: string[] = []
    for (let i = 0; i < 9; i++) {
      const id = await enqueue({ starred: i % 2 === 0, createdAt: new Date(1_700_000_000_000 + i) })
      if (i % 2 === 0) starred.push(id)
    }
    type Page = { data: { id: string }[]; has_more: boolean; last_id: string }
    const page = (after: string) => json<Page>(as(ann, `/v1/videos?limit=2&order=asc&starred=true${after}`))
    const first = await page('')
    await json(as(ann, '/v1/videos/star', { body: { ids: [first.last_id], starred: false } }))
    const second = await page(`&after=${first.last_id}`)
    await json(as(ann, '/v1/videos/trash', { body: { ids: [second.last_id] } }))
    const third = await page(`&after=${second.last_id}`)
    expect([first, second, third].map(({ data }) => data.map(({ id }) => id))).toEqual([
      starred.slice(0, 2),
      starred.slice(2, 4),
      starred.slice(4),
    ])
    expect([first.has_more, second.has_more, third.has_more]).toEqual([true, true, false])
  })

  test('deleting takes row and bytes, and stops what runs', async () => {
    const id = await completed()
    const { key } = (await services.hub.get(id))!.files.video!
    expect(await json(as(ann, `/v1/videos/${id}`, { method: 'DELETE' }))).toEqual({ id, object: 'video.deleted', deleted: true })
    expect(await codeOf(as(ann, `/v1/videos/${id}`), 404)).toBe('video_not_found')
    expect(await services.storage.size(key)).toBeUndefined()
    await enqueue()
    const job = await take()
    await json(as(ann, `/v1/videos/${job.id}`, { method: 'DELETE' }))
    expect(await reportProgress(services.db, job, { percent: 1, phase: 'denoising', step: 1, total: 2 })).toBe(false)
  })
})

describe('marks', () => {
  const post = (what: string, ids: readonly string[], who: { key: string } = ann, more = {}) =>
    as(who, `/v1/videos/${what}`, { body: { ids, ...more } })

  test('are set on many at once, by their owner and administrators', async () => {
    const [a, b, c] = [await enqueue(), await enqueue(), await enqueue({ userId: bob.id })]
    expect((await json(as(ann, `/v1/videos/${a}`))).starred).toBe(false)
    expect(await json(post('star', [b, 'video_none', a, b, c], ann, { starred: true }))).toEqual({ ids: [b, a] })
    expect((await json(as(ann, `/v1/videos/${a}`))).starred).toBe(true)
    expect((await json(as(bob, `/v1/videos/${c}`))).starred).toBe(false)
    expect(await json(post('star', [c, a], service, { starred: true }))).toEqual({ ids: [c, a] })
    expect(await json(post('star', [a], ann, { starred: false }))).toEqual({ ids: [a] })
    expect((await json(as(ann, `/v1/videos/${a}`))).starred).toBe(false)
    for (const what of ['star', 'trash', 'restore']) {
      expect(await json(post(what, [a, b], bob, what === 'star' ? { starred: true } : {}))).toEqual({ ids: [] })
      const many = Array.from({ length: 1001 }, (_each, i) => `video_${i}`)
      for (const ids of [[], many]) expect(await codeOf(post(what, ids), 400)).toContain('invalid_value')
    }
    expect(await json(as(ann, `/v1/videos/${b}`))).toMatchObject({ status: 'queued', starred: true })
  })

  test('what lies in the trash is not there for anyone, and comes back as it was', async () => {
    const id = await completed()
    await json(post('star', [id], ann, { starred: true }))
    const before = await json(as(ann, `/v1/videos/${id}`))
    const stored = await services.hub.get(id)
    expect(await json(post('trash', [id, 'video_none']))).toEqual({ ids: [id] })
    expect(await json(post('trash', [id]))).toEqual({ ids: [] })
    expect(await json(post('star', [id], ann, { starred: false }))).toEqual({ ids: [] })
    const remixed = { prompt: 'again' }
    for (const [at, options] of [
      [''],
      ['', { method: 'DELETE' }],
      ['', { method: 'PATCH', body: remixed }],
      ['/content'],
      ['/events'],
      ['/cancel', { method: 'POST' }],
      ['/remix', { body: remixed }],
    ] as const)
      for (const who of [ann, undefined]) expect(await codeOf(as(who, `/v1/videos/${id}${at}`, options), 404)).toBe('video_not_found')
    for (const what of ['edits', 'extensions'])
      expect(await codeOf(as(ann, `/v1/videos/${what}`, { body: { prompt: 'x', video: { id } } }), 404)).toBe('video_not_found video')
    for (const at of ['/v1/videos', '/v1/videos?starred=true', '/v1/queue']) expect(await json(as(ann, at))).toMatchObject({ data: [] })
    expect(await json(post('restore', [id, 'video_none']))).toEqual({ ids: [id] })
    expect(await json(post('restore', [id]))).toEqual({ ids: [id] })
    expect(await json(as(ann, `/v1/videos/${id}`))).toEqual(before)
    expect(await services.hub.get(id)).toEqual(stored)
    expect((await as(ann, `/v1/videos/${id}/content`)).status).toBe(200)
    expect(await json<object>(as(ann, '/v1/videos?starred=true'))).toMatchObject({ data: [{ id }] })
  })

  test('what waits or runs is cancelled with it, and its watchers are told', async () => {
    const [running, waiting] = [await enqueue({ priority: 1 }), await enqueue()]
    const job = await take()
    const stream = as(ann, `/v1/videos/${running}/events`).then((response) => response.text())
    await expect.poll(() => json(as(ann, '/v1/queue'))).toMatchObject({ running: 1, waiting: 1, waiting_of_all: 1 })
    expect(await json(post('trash', [waiting, running]))).toEqual({ ids: [waiting, running] })
    expect(await stream).toContain('video_deleted')
    expect(await json(as(ann, '/v1/queue'))).toMatchObject({ running: 0, waiting: 0, waiting_of_all: 0, data: [] })
    expect(await takeJob(services.db, 'w1', ['tiny'])).toBeUndefined()
    expect(await reportProgress(services.db, job, { percent: 1, phase: 'denoising', step: 1, total: 2 })).toBe(false)
    await cancelJob(services.db, job)
    await json(post('restore', [running, waiting]))
    for (const id of [running, waiting])
      expect(await json(as(ann, `/v1/videos/${id}`))).toMatchObject({ status: 'failed', error: { code: 'cancelled' } })
  })

  test('a request that is repeated does not find its video in the trash', async () => {
    const create = () => as(ann, '/v1/videos', { body: { prompt: 'a panda' }, headers: { 'idempotency-key': 'once' } })
    const { id } = await json<{ id: string }>(create())
    await json(post('trash', [id]))
    expect(await codeOf(create(), 410)).toBe('video_deleted')
    await json(post('restore', [id]))
    expect(await json(create())).toMatchObject({ id, status: 'failed' })
  })
})

describe('the queue', () => {
  test('cancelling one touches no other; all and waiting', async () => {
    const ids = [await enqueue(), await enqueue(), await enqueue()]
    const others = await enqueue({ userId: bob.id })
    const post = (at: string, body?: Record<string, unknown>) => as(ann, at, { method: 'POST', ...(body && { body }) })
    expect(await json(post(`/v1/videos/${ids[1]}/cancel`))).toMatchObject({ status: 'failed', error: { code: 'cancelled' } })
    expect(await json(post(`/v1/videos/${ids[1]}/cancel`))).toMatchObject({ status: 'failed' })
    const job = await take()
    expect(job.id).toBe(ids[0])
    expect(await json(post('/v1/videos/cancel', { scope: 'waiting' }))).toEqual({ cancelled: [ids[2]] })
    expect(await json(post('/v1/videos/cancel', { scope: 'all' }))).toEqual({ cancelled: [ids[0]] })
    expect(await json(post('/v1/videos/cancel', { scope: 'all' }))).toEqual({ cancelled: [] })
    expect(await json(as(bob, `/v1/videos/${others}`))).toMatchObject({ status: 'queued' })
    expect(await codeOf(post('/v1/videos/cancel', { scope: 'both' }), 400)).toBe('invalid_value scope')
    expect(await codeOf(post(`/v1/videos/${await completed()}/cancel`), 409)).toBe('video_ended')
  })

  test('moving, pausing, going on', async () => {
    const [a, b, c] = [await enqueue(), await enqueue(), await enqueue()]
    const foreign = await enqueue({ userId: bob.id })
    const move = (id: string, after: string | null) => as(ann, `/v1/videos/${id}/move`, { body: { after } })
    expect(await json(move(c, null))).toMatchObject({ id: c, queue_position: 1 })
    await json(move(a, b))
    type Queue = { data: { id: string; queue_position: number | null }[]; paused: boolean }
    const queue = async (at = '/v1/queue', method = 'GET') => json<Queue & Record<string, unknown>>(as(ann, at, { method }))
    const now = await queue()
    expect(now.data.map(({ id }) => id)).toEqual([c, b, a])
    expect(now).toMatchObject({ object: 'queue', paused: false, running: 0, waiting: 3, waiting_of_all: 4, limit: 500 })
    expect(await codeOf(move(a, a), 400)).toBe('invalid_value after')
    expect(await codeOf(move(a, foreign), 404)).toBe('video_not_found after')
    const paused = await queue('/v1/queue/pause', 'POST')
    expect([paused.paused, paused.data.map((video) => video.queue_position)]).toEqual([true, [null, null, null]])
    expect((await take()).id).toBe(foreign)
    expect(await takeJob(services.db, 'w1', ['tiny'])).toBeUndefined()
    expect((await queue('/v1/queue/resume', 'POST')).paused).toBe(false)
    expect((await take()).id).toBe(c)
    expect(await codeOf(move(c, null), 409)).toBe('video_not_waiting')
    expect(await codeOf(move(a, c), 409)).toBe('video_not_waiting')
  })

  test('a waiting video is changed in its place', async () => {
    const [first, second] = [await enqueue({ work: 1 }), await enqueue()]
    const change = (id: string, body: Record<string, unknown>, who = ann) => as(who, `/v1/videos/${id}`, { method: 'PATCH', body })
    const changed = await json(change(first, { prompt: 'a crane', seconds: '1', num_inference_steps: 3, width: 128 }))
    expect(changed).toMatchObject({ id: first, prompt: 'a crane', num_frames: 8, num_inference_steps: 3, width: 128, height: 64, seed: 1 })
    expect(changed).toMatchObject({ queue_position: 1, lora: REQUEST.lora, negative_prompt: '', guidance_scale: 9 })
    const { db } = services
    expect((await db.select().from(videos).where(eq(videos.id, first)))[0]).toMatchObject({ work: 8 * 128 * 64 * 3 })
    expect(await codeOf(change(first, { width: 3 }), 400)).toContain('width')
    expect(await codeOf(change(first, { colour: 'red' }), 400)).toBe('unknown_parameter colour')
    expect(await codeOf(change(first, { priority: 5 }), 403)).toBe('not_allowed priority')
    expect(await json(as(undefined, `/v1/videos/${second}`, { method: 'PATCH', body: { priority: 5 } }))).toMatchObject({
      queue_position: 1,
    })
    const both = await Promise.all([change(first, { prompt: 'one' }), change(first, { negative_prompt: 'two' })])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect(await json(as(ann, `/v1/videos/${first}`))).toMatchObject({ prompt: 'one', negative_prompt: 'two' })
    await take()
    expect(await codeOf(change(second, { prompt: 'late' }), 409)).toBe('video_not_waiting')
  })

  test('more work than the quota has is refused', async () => {
    const { db } = services
    const id = await enqueue()
    await db
      .update(users)
      .set({ quota: { workPerDay: 1000 } })
      .where(eq(users.id, ann.id))
    expect(await codeOf(as(ann, `/v1/videos/${id}`, { method: 'PATCH', body: { num_inference_steps: 9 } }), 429)).toBe('quota_work_per_day')
    await db.update(users).set({ quota: {} }).where(eq(users.id, ann.id))
  })
})
