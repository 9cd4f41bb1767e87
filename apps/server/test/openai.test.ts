// The official `openai` client, pointed at a running service: what it sends, and that it understands every answer. Its
// own types only know OpenAI's models and sizes, so that the test names what it uses.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readVideo } from 'kinora'
import OpenAI, { toFile } from 'openai'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type TestService } from './support/service.ts'

interface Video {
  readonly id: string
  readonly object: 'video'
  readonly model: string
  readonly status: string
  readonly progress: number
  readonly prompt: string | null
  readonly size: string
  readonly seconds: string
  readonly seed: number
  readonly task: string
  readonly num_frames: number
  readonly error: { readonly code: string } | null
  readonly remixed_from_video_id: string | null
  readonly created_at: number
  readonly completed_at: number | null
}

interface Page<T> extends AsyncIterable<T> {
  readonly data: readonly T[]
  readonly has_more: boolean
  readonly last_id: string
  hasNextPage(): boolean
  getNextPage(): Promise<Page<T>>
}

type Values = Readonly<Record<string, unknown>>

interface Videos {
  create(body: Values, options?: { headers: Record<string, string> }): PromiseLike<Video>
  retrieve(id: string): PromiseLike<Video>
  list(query: Values): PromiseLike<Page<Video>> & AsyncIterable<Video>
  delete(id: string): PromiseLike<{ id: string; object: string; deleted: boolean }>
  downloadContent(id: string, query?: Values): PromiseLike<Response>
  remix(id: string, body: Values): PromiseLike<Video>
  edit(body: Values): PromiseLike<Video>
  extend(body: Values): PromiseLike<Video>
}

const CAP = 4
const QUICK = { num_frames: 4, num_inference_steps: 2 }
let service: TestService
let client: OpenAI
let videos: Videos
const folder = mkdtempSync(path.join(tmpdir(), 'kinora-openai-'))

beforeAll(async () => {
  service = await startService({ limits: { queued: CAP } })
  client = clientWith(service.key)
  videos = videosOf(client)
})
afterAll(async () => {
  await service?.close()
  rmSync(folder, { recursive: true, force: true })
})

const clientWith = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${service.url}/v1`, maxRetries: 0 })
const videosOf = ({ videos }: { videos: unknown }) => videos as Videos

async function finished(id: string): Promise<Video> {
  for (let before = 0; ; ) {
    const video = await videos.retrieve(id)
    expect(video.progress).toBeGreaterThanOrEqual(before)
    before = video.progress
    if (video.status === 'completed' || video.status === 'failed') return video
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function made(creating: PromiseLike<Video>): Promise<Video> {
  const video = await finished((await creating).id)
  expect(video).toMatchObject({ status: 'completed', progress: 100, error: null })
  return video
}

async function framesOf(id: string): Promise<{ frames: number; size: string; bytes: Buffer }> {
  const bytes = Buffer.from(await (await videos.downloadContent(id)).arrayBuffer())
  const place = path.join(folder, `${id}.mp4`)
  writeFileSync(place, bytes)
  const { frames } = await readVideo(place)
  const [count = 0, height, width] = frames.shape
  return { frames: count, size: `${width}x${height}`, bytes }
}

const failure = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a video', () => {
  let first: Video

  test('is created as a form, and reports what it was made from', async () => {
    const queued = await videos.create({
      prompt: 'a panda',
      model: 'sora-2',
      seconds: '1',
      fps: 4,
      size: '64x64',
      seed: 7,
      num_inference_steps: 2,
    })
    expect(queued).toMatchObject({
      object: 'video',
      model: 'tiny',
      prompt: 'a panda',
      size: '64x64',
      seconds: '1',
      seed: 7,
      num_frames: 4,
      error: null,
      remixed_from_video_id: null,
      completed_at: null,
    })
    first = await finished(queued.id)
    expect(first).toMatchObject({ id: queued.id, status: 'completed', progress: 100, created_at: queued.created_at })
    expect(first.completed_at).toBeGreaterThanOrEqual(first.created_at)
  })

  test('has bytes that play, a thumbnail and a sheet of frames', async () => {
    const response = await videos.downloadContent(first.id)
    expect(response.headers.get('content-type')).toBe('video/mp4')
    expect(await framesOf(first.id)).toMatchObject({ frames: 4, size: '64x64' })
    for (const [variant, format] of [
      ['thumbnail', 'webp'],
      ['spritesheet', 'jpeg'],
    ] as const) {
      const image = Buffer.from(await (await videos.downloadContent(first.id, { variant })).arrayBuffer())
      expect((await sharp(image).metadata()).format).toBe(format)
    }
  })

  test('is remixed: another prompt, the same values', async () => {
    const remix = await made(videos.remix(first.id, { prompt: 'a red panda' }))
    expect(remix).toMatchObject({ prompt: 'a red panda', remixed_from_video_id: first.id, seed: 7, num_frames: 4, size: '64x64' })
  })

  test('is edited, by its id and as a file', async () => {
    const byId = await made(videos.edit({ prompt: 'in snow', video: { id: first.id }, ...QUICK }))
    expect(byId).toMatchObject({ task: 'edit', num_frames: 4, size: '64x64' })
    const { bytes } = await framesOf(first.id)
    const byFile = await made(
      videos.edit({ prompt: 'in snow', video: await toFile(bytes, 'mine.mp4', { type: 'video/mp4' }), num_inference_steps: 2 }),
    )
    expect(byFile).toMatchObject({ task: 'edit', num_frames: 4 })
    expect(await framesOf(byFile.id)).toMatchObject({ frames: 4, size: '64x64' })
  })

  test('is extended by new frames', async () => {
    const longer = await made(videos.extend({ prompt: 'it runs away', seconds: '1', num_inference_steps: 2, video: { id: first.id } }))
    expect(longer.task).toBe('extend')
    expect((await framesOf(longer.id)).frames).toBe(8)
  })

  test('begins with a picture: a file, or a data URL', async () => {
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'green' } })
      .png()
      .toBuffer()
    const byFile = await made(
      videos.create({ prompt: 'grass', input_reference: await toFile(png, 'grass.png', { type: 'image/png' }), ...QUICK }),
    )
    const image_url = `data:image/png;base64,${png.toString('base64')}`
    const byUrl = await made(videos.create({ prompt: 'grass', input_reference: { image_url }, ...QUICK, seed: byFile.seed }))
    expect([byFile.task, byUrl.task]).toEqual(['extend', 'extend'])
    expect((await framesOf(byUrl.id)).bytes.equals((await framesOf(byFile.id)).bytes)).toBe(true)
  })

  test('is found in lists, page by page', async () => {
    const all = (await videos.list({ limit: 100 })).data.map(({ id }) => id)
    expect(all.length).toBeGreaterThanOrEqual(6)
    const page = await videos.list({ limit: 2 })
    expect(page).toMatchObject({ has_more: true, last_id: all[1] })
    expect((await page.getNextPage()).data.map(({ id }) => id)).toEqual(all.slice(2, 4))
    const walked: string[] = []
    for await (const { id } of videos.list({ limit: 2, order: 'asc' })) walked.push(id)
    expect(walked).toEqual(all.toReversed())
  })

  test('is made once for one idempotency key', async () => {
    const options = { headers: { 'Idempotency-Key': 'once' } }
    const [one, other] = await Promise.all([
      videos.create({ prompt: 'once', ...QUICK }, options),
      videos.create({ prompt: 'once', ...QUICK }, options),
    ])
    expect(other.id).toBe(one.id)
    await finished(one.id)
  })

  test('is deleted with its bytes', async () => {
    expect(await videos.delete(first.id)).toEqual({ id: first.id, object: 'video.deleted', deleted: true })
    expect(await failure(videos.retrieve(first.id))).toBeInstanceOf(OpenAI.NotFoundError)
    expect(await failure(videos.downloadContent(first.id))).toBeInstanceOf(OpenAI.NotFoundError)
  })
})

test('models are listed and retrieved', async () => {
  const names: string[] = []
  for await (const { id } of client.models.list()) names.push(id)
  expect(names).toEqual(['tiny'])
  expect(await client.models.retrieve('tiny')).toMatchObject({ id: 'tiny', object: 'model' })
  expect(await failure(client.models.retrieve('none'))).toBeInstanceOf(OpenAI.NotFoundError)
})

describe("errors are the client's own", () => {
  test.each<[string, () => PromiseLike<unknown>, new (...args: never[]) => Error, Values]>([
    ['no such video', () => videos.retrieve('video_none'), OpenAI.NotFoundError, { status: 404, code: 'video_not_found' }],
    [
      'no such model',
      () => videos.create({ prompt: 'a', model: 'none' }),
      OpenAI.NotFoundError,
      { status: 404, code: 'model_not_found', param: 'model' },
    ],
    ['a value out of range', () => videos.create({ prompt: 'a', width: 63 }), OpenAI.BadRequestError, { status: 400, param: 'width' }],
    [
      'an unknown field',
      () => videos.create({ prompt: 'a', stepps: 3 }),
      OpenAI.BadRequestError,
      { code: 'unknown_parameter', param: 'stepps' },
    ],
    [
      'a file that is none',
      async () => videos.edit({ prompt: 'a', video: await toFile(Buffer.from('text'), 'a.mp4') }),
      OpenAI.BadRequestError,
      { param: 'video' },
    ],
    ['a wrong key', () => videosOf(clientWith('wrong')).list({}), OpenAI.AuthenticationError, { status: 401, code: 'invalid_api_key' }],
  ])('%s', async (_, work, kind, expected) => {
    const error = await failure(work())
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ ...expected, requestID: expect.stringMatching(/^req_/) as string })
  })

  test('a key that may only read', async () => {
    const { key } = await service.addUser('reader', 'user', ['videos:read'])
    const reading = videosOf(clientWith(key))
    expect((await reading.list({})).data).toEqual([])
    expect(await failure(reading.create({ prompt: 'a' }))).toBeInstanceOf(OpenAI.PermissionDeniedError)
  })

  test('a full queue, and a video that is not ready', async () => {
    await service.fetch('/v1/queue/pause', { method: 'POST' })
    const waiting: Video[] = []
    for (let i = 0; i < CAP; i++) waiting.push(await videos.create({ prompt: `number ${i}`, ...QUICK }))
    const full = await failure(videos.create({ prompt: 'one more' }))
    expect(full).toBeInstanceOf(OpenAI.RateLimitError)
    expect(Number((full as { headers: Headers }).headers.get('retry-after'))).toBeGreaterThan(0)
    const early = await failure(videos.downloadContent(waiting[0]!.id))
    expect(early).toBeInstanceOf(OpenAI.ConflictError)
    expect(early).toMatchObject({ code: 'video_not_ready' })
    for (const { id } of waiting) expect(await videos.delete(id)).toMatchObject({ deleted: true })
    await service.fetch('/v1/queue/resume', { method: 'POST' })
  })

  test('by default the client tries again by itself', async () => {
    await service.fetch('/v1/queue/pause', { method: 'POST' })
    const { id } = await videos.create({ prompt: 'soon', ...QUICK })
    const patient = videosOf(new OpenAI({ apiKey: service.key, baseURL: `${service.url}/v1`, maxRetries: 5 }))
    const content = patient.downloadContent(id)
    await service.fetch('/v1/queue/resume', { method: 'POST' })
    expect((await content).status).toBe(200)
  })
})
