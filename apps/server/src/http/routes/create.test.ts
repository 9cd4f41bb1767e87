// Accepting videos over the real edge: one service with one worker and the small checkpoint. What is to wait belongs to a user
// whose queue is paused.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { readVideo, saveVideo, tensor } from 'kinora'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startService, type TestService, TINY } from '../../../test/support/service.ts'
import { users, videos } from '../../db/schema.ts'
import type { VideoObject } from '../../watch/video-object.ts'

const FAST = { num_frames: 2, num_inference_steps: 1, seed: 7 }
const CAP = 9

let service: TestService
let done: VideoObject
const people: Record<'ann' | 'bob', { id: string; key: string }> = { ann: { id: '', key: '' }, bob: { id: '', key: '' } }
const folder = mkdtempSync(path.join(tmpdir(), 'kinora-create-'))
const MP4 = path.join(folder, 'given.mp4')

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly video: VideoObject
  readonly error: { message: string; param: string | null; code: string; type: string }
}

async function post(
  at: string,
  body: Record<string, unknown> | FormData,
  { key, headers }: { key?: string; headers?: Record<string, string> } = {},
) {
  const response = await service.fetch(at, { body, ...(key !== undefined && { key }), ...(headers && { headers }) })
  const answer = (await response.json()) as VideoObject & { error: Answer['error'] }
  return { status: response.status, headers: response.headers, video: answer, error: answer.error } satisfies Answer
}
const ann = (body: Record<string, unknown> | FormData, headers?: Record<string, string>, at = '/v1/videos') =>
  post(at, body, { key: people.ann.key, ...(headers && { headers }) })

function form(fields: Record<string, string>, file?: readonly [field: string, path: string]): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, value)
  if (file) data.append(file[0], new Blob([readFileSync(file[1])]), '../../etc/passwd')
  return data
}

const stateOf = async (id: string) => (await (await service.fetch(`/v1/videos/${id}`)).json()) as VideoObject
async function finished(id: string): Promise<VideoObject> {
  await vi.waitFor(async () => expect((await stateOf(id)).status).toMatch(/completed|failed/), { timeout: 30_000, interval: 100 })
  return stateOf(id)
}
const db = () => service.running.services.db
const clear = () => db().delete(videos).where(eq(videos.status, 'queued'))

beforeAll(async () => {
  service = await startService({
    models: [{ ...TINY, defaults: { num_inference_steps: 2 } }],
    limits: { queued: CAP, pixels: 96 * 96, frames: 24, uploadFrames: 40 },
    moderation: { words: ['gun'] },
  })
  for (const name of ['ann', 'bob'] as const) people[name] = await service.addUser(name)
  await db().update(users).set({ pausedAt: sql`now()` }).where(eq(users.id, people.ann.id))
  const frames = tensor(
    'float32',
    [6, 48, 70, 3],
    Float32Array.from({ length: 6 * 48 * 70 * 3 }, (_, i) => (i % 97) / 97),
  )
  await saveVideo(frames, MP4, { fps: 12 })
  const models = async () => (await service.fetch('/v1/models')).json()
  await vi.waitFor(async () => expect(await models()).toMatchObject({ data: [{ ready: true }] }), { timeout: 30_000 })
  done = await finished((await post('/v1/videos', { prompt: 'a panda', ...FAST })).video.id)
}, 60_000)

afterAll(async () => {
  await service.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('POST /v1/videos', () => {
  test('reports what will be made, from JSON and from a form alike', async () => {
    const wish = { prompt: 'a fox', seconds: '2', fps: '6', size: '96x64', seed: '5', guidance_scale: '7.5' }
    const made = await Promise.all([
      ann(wish),
      ann(form(wish)),
      ann({ ...wish, seconds: 2, fps: 6, seed: 5, guidance_scale: 7.5, model: null }),
    ])
    for (const { status, video } of made)
      expect([status, video]).toEqual([
        200,
        expect.objectContaining({
          object: 'video',
          status: 'queued',
          model: 'tiny',
          task: 'generate',
          prompt: 'a fox',
          size: '96x64',
          seconds: '2',
          num_frames: 12,
          fps: 6,
          num_inference_steps: 2,
          guidance_scale: 7.5,
          seed: 5,
          progress: 0,
          error: null,
        }),
      ])
    await clear()
  })

  test("OpenAI's model names mean the default model; others have to be known", async () => {
    expect((await ann({ prompt: 'a', model: 'sora-2-pro' })).video.model).toBe('tiny')
    expect(await ann({ prompt: 'a', model: 'zeroscope' })).toMatchObject({
      status: 404,
      error: { code: 'model_not_found', param: 'model', message: 'there is no model "zeroscope": take one of tiny' },
    })
    await clear()
  })

  test.each<[Record<string, unknown>, number, string, string]>([
    [{}, 400, 'invalid_value', 'prompt'],
    [{ prompt: '' }, 400, 'invalid_value', 'prompt'],
    [{ prompt: 'a', num_step: 3 }, 400, 'unknown_parameter', 'num_step'],
    [{ prompt: 'a', size: '97x64' }, 400, 'invalid_value', 'size'],
    [{ prompt: 'a', fps: '' }, 400, 'invalid_value', 'fps'],
    [{ prompt: 'a', seed: '1e999' }, 400, 'invalid_value', 'seed'],
    [{ prompt: 'a', num_frames: 2.5 }, 400, 'invalid_value', 'num_frames'],
    [{ prompt: 'a', num_frames: true }, 400, 'invalid_value', 'num_frames'],
    [{ prompt: 'a', priority: 1 }, 403, 'not_allowed', 'priority'],
    [{ prompt: 'a Gun' }, 400, 'content_policy_violation', 'prompt'],
    [{ prompt: 'a', lora: 'ink' }, 400, 'invalid_value', 'lora'],
    [{ prompt: 'a', input_reference: { image_url: 'http://127.0.0.1/a.png' } }, 400, 'invalid_value', 'input_reference'],
    [{ prompt: 'a', input_reference: { image_url: 'data:image/png;base64,####' } }, 400, 'invalid_value', 'input_reference'],
    [{ prompt: 'a', input_reference: { image_url: 'data:image/png;base64,aGVsbG8=' } }, 400, 'invalid_upload', 'input_reference'],
    [{ prompt: 'a', input_reference: { id: 'video_x' } }, 404, 'video_not_found', 'input_reference'],
  ])('%j is refused', async (body, status, code, param) => {
    expect(await ann(body)).toMatchObject({ status, error: { code, param } })
    expect(await db().$count(videos, eq(videos.userId, people.ann.id))).toBe(0)
  })

  test('administrators give priorities', async () => {
    await db().update(users).set({ pausedAt: sql`now()` }).where(eq(users.role, 'admin'))
    const { video } = await post('/v1/videos', { prompt: 'a', priority: '5' })
    expect((await db().select().from(videos).where(eq(videos.id, video.id)))[0]).toMatchObject({ priority: 5 })
    await clear()
    await db().update(users).set({ pausedAt: null }).where(eq(users.role, 'admin'))
  })
})

describe('Idempotency-Key', () => {
  test('answers the first video again, also to many at once, and refuses another request', async () => {
    const key = { 'idempotency-key': 'the first ~' }
    const all = await Promise.all(Array.from({ length: 5 }, () => ann({ prompt: 'a', seed: -1, size: '64x64' }, key)))
    expect(new Set(all.map(({ video }) => video.id)).size).toBe(1)
    expect(all.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(4)
    expect(await ann({ size: '64x64', seed: -1, prompt: 'a' }, key)).toMatchObject({ status: 200, video: { seed: all[0]!.video.seed } })
    expect(await ann({ prompt: 'b', size: '64x64' }, key)).toMatchObject({ status: 422, error: { code: 'idempotency_mismatch' } })
    const { video } = await post('/v1/videos', { prompt: 'a' }, { key: people.bob.key, headers: key })
    expect(video.id).not.toBe(all[0]!.video.id)
    await db().execute(sql`update idempotency_keys set created_at = now() - interval '25 hours'`)
    expect((await ann({ prompt: 'b', size: '64x64' }, key)).headers.get('idempotent-replayed')).toBeNull()
    await clear()
    expect(await ann({ prompt: 'b', size: '64x64' }, key)).toMatchObject({ status: 410, error: { code: 'video_deleted' } })
  })

  test('knows files by their bytes', async () => {
    const key = { 'idempotency-key': 'file' }
    const other = path.join(folder, 'other.png')
    writeFileSync(other, 'no picture')
    const first = await ann(form({ prompt: 'a' }, ['video', MP4]), key, '/v1/videos/edits')
    const again = await ann(form({ prompt: 'a' }, ['video', MP4]), key, '/v1/videos/edits')
    expect([first.status, again.video.id, again.headers.get('idempotent-replayed')]).toEqual([200, first.video.id, 'true'])
    expect((await ann(form({ prompt: 'a' }, ['video', other]), key, '/v1/videos/edits')).status).toBe(422)
    await clear()
  })

  test.each(['', 'x'.repeat(256), 'tab\tin it'])('%j is no key', async (key) => {
    expect(await ann({ prompt: 'a' }, { 'idempotency-key': key })).toMatchObject({
      status: 400,
      error: { code: 'invalid_idempotency_key' },
    })
  })
})

describe('room', () => {
  test('a quota holds, however many ask at once', async () => {
    await db().execute(sql`truncate usage`)
    const quota = (values: object) => db().update(users).set({ quota: values }).where(eq(users.id, people.ann.id))
    await quota({ queued: 3 })
    const all = await Promise.all(Array.from({ length: 8 }, () => ann({ prompt: 'a' })))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(3)
    const refused = all.find(({ status }) => status === 429)!
    expect(refused.error).toMatchObject({ code: 'quota_queued', type: 'rate_limit_error' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await quota({ perDay: 4 })
    expect((await ann({ prompt: 'a' })).status).toBe(200)
    const late = await ann({ prompt: 'a' })
    expect(late).toMatchObject({ status: 429, error: { code: 'quota_per_day' } })
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(86_000)
    await quota({ workPerDay: 600_000 })
    expect(await ann({ prompt: 'a' })).toMatchObject({ status: 429, error: { code: 'quota_work_per_day' } })
    await clear()
    expect(await db().$count(videos, eq(videos.userId, people.ann.id))).toBe(0)
    await quota({ perDay: 4 })
    expect((await ann({ prompt: 'a' })).error).toMatchObject({ code: 'quota_per_day' })
    await quota({})
  })

  test('what was cancelled before it began is not counted', async () => {
    await db().execute(sql`truncate usage`)
    await db()
      .update(users)
      .set({ quota: { perDay: 1 } })
      .where(eq(users.id, people.ann.id))
    const { video } = await ann({ prompt: 'a' })
    expect((await ann({ prompt: 'a' })).status).toBe(429)
    await ann({}, {}, `/v1/videos/${video.id}/cancel`)
    expect((await ann({ prompt: 'a' })).status).toBe(200)
    await db().update(users).set({ quota: {} }).where(eq(users.id, people.ann.id))
    await clear()
  })

  test('the queue has a cap, and says the place that one would have had', async () => {
    const all = await Promise.all(Array.from({ length: CAP + 2 }, () => ann({ prompt: 'a' })))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(CAP)
    expect(all.find(({ status }) => status === 429)!.error).toMatchObject({
      code: 'queue_full',
      message: expect.stringContaining(`number ${CAP + 1}`) as string,
    })
    await clear()
  })
})

describe('from another video', () => {
  test('an edit of an earlier one, at a larger size', async () => {
    const { status, video } = await post('/v1/videos/edits', {
      prompt: 'a fox',
      video: { id: done.id },
      size: '96x96',
      num_inference_steps: 2,
    })
    expect([status, video]).toEqual([200, expect.objectContaining({ task: 'edit', num_frames: 2, fps: 8, size: '96x96', strength: 0.6 })])
    expect(await finished(video.id)).toMatchObject({ status: 'completed' })
  })

  test('an upload is continued, and its continuation again; the frames add up', async () => {
    const { video } = await post('/v1/videos/extensions', form({ prompt: 'a fox', seconds: '0.25', 'video[]': '' }, ['video', MP4]))
    expect(video.status).toBeUndefined()
    const first = await post('/v1/videos/extensions', form({ prompt: 'a fox', seconds: '0.25' }, ['video', MP4]))
    expect(first.video).toMatchObject({ task: 'extend', num_frames: 3, overlap: 4, fps: 12, size: '64x48', seconds: '0.75' })
    expect(await finished(first.video.id)).toMatchObject({ status: 'completed' })
    const bytes = await service.fetch(`/v1/videos/${first.video.id}/content`)
    writeFileSync(path.join(folder, 'joined.mp4'), Buffer.from(await bytes.arrayBuffer()))
    expect((await readVideo(path.join(folder, 'joined.mp4'))).frames.shape).toEqual([9, 48, 64, 3])
    const second = await ann({ prompt: 'on', num_frames: 2, overlap: 1, video: { id: first.video.id } }, {}, '/v1/videos/extensions')
    expect(second).toMatchObject({ status: 404, error: { code: 'video_not_found', param: 'video' } })
    const third = await post('/v1/videos/extensions', { prompt: 'on', num_frames: 2, overlap: 1, video: { id: first.video.id } })
    expect(third.video).toMatchObject({ num_frames: 2, overlap: 1, seconds: '0.917' })
    expect(await finished(third.video.id)).toMatchObject({ status: 'completed' })
  })

  test('a reference: a picture begins the video, a video is changed', async () => {
    const thumbnail = await service.fetch(`/v1/videos/${done.id}/content?variant=thumbnail`)
    const url = `data:image/webp;base64,${Buffer.from(await thumbnail.arrayBuffer()).toString('base64')}`
    expect((await ann({ prompt: 'a', input_reference: { image_url: url } })).video).toMatchObject({
      task: 'extend',
      overlap: 1,
      size: '64x64',
    })
    expect((await ann(form({ prompt: 'a', 'input_reference[image_url]': url }))).video).toMatchObject({ task: 'extend' })
    expect((await ann(form({ prompt: 'a' }, ['input_reference', MP4]))).video).toMatchObject({ task: 'edit', num_frames: 6 })
    await clear()
  })

  test('one that is not there yet, was not made, or is gone', async () => {
    const { video } = await ann({ prompt: 'a' })
    const edit = () => ann({ prompt: 'b', video: video.id }, {}, '/v1/videos/edits')
    expect(await edit()).toMatchObject({ status: 409, error: { code: 'video_not_ready', param: 'video' } })
    expect((await edit()).headers.get('retry-after')).toBe('2')
    await ann({}, {}, `/v1/videos/${video.id}/cancel`)
    expect(await edit()).toMatchObject({ status: 409, error: { code: 'video_failed' } })
    const change = (values: object) => db().update(videos).set(values).where(eq(videos.id, video.id))
    await change({ status: 'completed', files: {}, expiresAt: sql`now()` })
    service.running.services.hub.changed(video.id)
    expect(await edit()).toMatchObject({ status: 410, error: { code: 'video_expired' } })
    await change({
      files: { video: { key: `${'0'.repeat(64)}.mp4`, bytes: 1, mediaType: 'video/mp4', digest: '0'.repeat(64) } },
      expiresAt: null,
    })
    service.running.services.hub.changed(video.id)
    expect(await edit()).toMatchObject({ status: 410, error: { code: 'video_expired', param: 'video' } })
    expect(await ann({ prompt: 'a' }, {}, '/v1/videos/edits')).toMatchObject({ status: 400, error: { param: 'video' } })
    await db().delete(videos).where(eq(videos.userId, people.ann.id))
  })

  test('a remix has the same values and seed, but for what is given', async () => {
    const { video } = await post(`/v1/videos/${done.id}/remix`, { prompt: 'a bear', fps: 10 })
    expect(video).toMatchObject({ remixed_from_video_id: done.id, prompt: 'a bear', seed: 7, fps: 10, num_frames: 2, size: done.size })
    expect(await finished(video.id)).toMatchObject({ status: 'completed' })
    expect(await ann({ prompt: 'a' }, {}, `/v1/videos/${done.id}/remix`)).toMatchObject({ status: 404, error: { code: 'video_not_found' } })
  })
})

describe('POST /v1/videos/sync', () => {
  test('answers the bytes', async () => {
    const response = await service.fetch('/v1/videos/sync', { body: { prompt: 'a panda', ...FAST } })
    expect([response.status, response.headers.get('content-type'), response.headers.get('etag')]).toEqual([
      200,
      'video/mp4',
      expect.any(String),
    ])
    const file = path.join(folder, 'sync.mp4')
    writeFileSync(file, Buffer.from(await response.arrayBuffer()))
    expect((await readVideo(file)).frames.shape[0]).toBe(2)
    expect(await stateOf(response.headers.get('x-video-id')!)).toMatchObject({ status: 'completed' })
  })

  test('a client that goes away cancels it', async () => {
    const leaving = new AbortController()
    const asked = service.fetch('/v1/videos/sync', { body: { prompt: 'a' }, key: people.ann.key, signal: leaving.signal })
    const rows = () => db().select().from(videos).where(eq(videos.userId, people.ann.id))
    await expect.poll(async () => (await rows()).length).toBe(1)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await expect.poll(async () => (await rows())[0]?.status).toBe('cancelled')
    await db().delete(videos).where(eq(videos.userId, people.ann.id))
  })

  test('a video that fails is an error', async () => {
    const asked = service.fetch('/v1/videos/sync', { body: { prompt: 'a' }, key: people.ann.key })
    const rows = () => db().select().from(videos).where(eq(videos.userId, people.ann.id))
    await expect.poll(async () => (await rows()).length).toBe(1)
    const { id } = (await rows())[0]!
    await db().update(videos).set({ status: 'failed', errorCode: 'worker_lost', errorMessage: 'it stopped' }).where(eq(videos.id, id))
    service.running.services.hub.changed(id)
    const response = await asked
    expect([response.status, await response.json()]).toEqual([
      500,
      { error: { message: expect.stringContaining('it stopped') as string, type: 'server_error', param: null, code: 'worker_lost' } },
    ])
    await db().delete(videos).where(eq(videos.userId, people.ann.id))
  })
})

describe('what can be asked for', () => {
  test('models, in OpenAI’s shape', async () => {
    const list = (await (await service.fetch('/v1/models', { key: people.ann.key })).json()) as { data: unknown[] }
    expect(list).toMatchObject({
      object: 'list',
      data: [{ id: 'tiny', object: 'model', owned_by: 'kinora', size_multiple: 8, ready: true }],
    })
    expect(await (await service.fetch('/v1/models/tiny')).json()).toEqual(list.data[0])
    expect((await service.fetch('/v1/models/other')).status).toBe(404)
  })

  test('capabilities have the ranges that are held to, and the quota', async () => {
    const { video } = await ann({ prompt: 'a' })
    const response = await service.fetch('/v1/capabilities', { key: people.ann.key })
    const found = (await response.json()) as { models: { fields: { name: string; most: number; default: object }[] }[] }
    expect(found).toMatchObject({
      default_model: 'tiny',
      limits: { frames: 24, total_frames: 40, pixels: 96 * 96 },
      quota: { queued: null },
      used: { queued: 1 },
      queue: { waiting: 1, most: CAP },
      moderation: true,
    })
    const { fields } = found.models[0]!
    expect(fields.find(({ name }) => name === 'num_inference_steps')).toMatchObject({
      least: 1,
      step: 1,
      default: { generate: 2, edit: 2, extend: 2 },
    })
    expect(fields.find(({ name }) => name === 'strength')).toMatchObject({ tasks: ['edit', 'extend'], default: { edit: 0.6, extend: 0.9 } })
    for (const { name, most } of fields.filter(({ name: each }) =>
      ['num_frames', 'num_inference_steps', 'fps', 'guidance_scale'].includes(each),
    )) {
      expect((await ann({ prompt: 'a', [name]: most })).status).toBe(200)
      expect((await ann({ prompt: 'a', [name]: most + 1 })).error).toMatchObject({ param: name })
    }
    expect(video.status).toBe('queued')
    await clear()
  })
})
