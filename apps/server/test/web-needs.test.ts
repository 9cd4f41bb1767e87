// What the web application asks for beyond OpenAI's API: prompts looked at before they are sent, how fast models are, and
// finished videos in other forms. The real service, tokenizer and encoders; no worker, since no video has to be made.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { readMetadata, readVideo, saveVideo, tensor } from 'kinora'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { videos } from '../src/db/schema.ts'
import type { StoredFile } from '../src/db/values.ts'
import { completeJob } from '../src/queue/report.ts'
import type { TestRequest } from './support/service.ts'
import { codeOf, json, startVideosService, type VideosService } from './support/videos.ts'

const METADATA = { kinora: '0', prompt: 'a panda', seed: 7 }
const FRAMES = 6

let place: VideosService
let mp4: Buffer

beforeAll(async () => {
  place = await startVideosService()
  const file = path.join(place.service.folder, 'panda.mp4')
  const values = Float32Array.from({ length: FRAMES * 32 * 48 * 3 }, (_each, i) => Math.floor(i / (32 * 48 * 3)) / FRAMES)
  await saveVideo(tensor('float32', [FRAMES, 32, 48, 3], values), file, { fps: 8, metadata: METADATA })
  mp4 = readFileSync(file)
})
beforeEach(() => place.reset())
afterAll(() => place?.service.close())

const check = (prompt: string) => place.as(place.ann, '/v1/prompts/check', { body: { prompt } })
const filesOf = async (id: string) => (await place.services.db.select().from(videos).where(eq(videos.id, id)))[0]!.files

/** A finished video of ann with these bytes; its id. */
async function finished(bytes = mp4): Promise<string> {
  await place.enqueue()
  const job = await place.take()
  await completeJob(place.services.db, job, { video: await place.store(bytes, 'mp4', 'video/mp4') }, undefined)
  place.services.hub.changed(job.id)
  return job.id
}

describe('prompts', () => {
  test('are counted, and cut where a model stops reading', async () => {
    expect(await json(check('a panda, surfing'))).toEqual({ object: 'prompt', tokens: 4, most_tokens: 75, cut_at: null, english: true })
    expect(await json(check(''))).toMatchObject({ tokens: 0, cut_at: null })
    expect(await json(check('熊猫在吃竹子'))).toMatchObject({ english: false })
    const long = `${'a '.repeat(74)}panda surfing`
    expect(await json(check(long))).toMatchObject({ tokens: 76, cut_at: long.length - ' surfing'.length + 1 })
  })

  test('are no longer than those that are taken', async () => {
    expect(await codeOf(check('a'.repeat(2001)), 400)).toBe('invalid_value prompt')
    expect(await codeOf(place.as(place.ann, '/v1/prompts/check', { body: {} }), 400)).toBe('invalid_value prompt')
  })
})

test('how long a unit of work takes is the median of the last twenty videos', async () => {
  const { db } = place.services
  const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000)
  for (let i = 0; i < 23; i++) {
    // The oldest are slow and do not count; of the rest the median is 2 s for 1000.
    const seconds = i < 3 ? 500 : i === 22 ? 90 : 2
    const times = { startedAt: at(i * 1000), completedAt: at(i * 1000 + seconds) }
    await place.enqueue({ status: 'completed', work: 1000, ...times })
  }
  await place.enqueue({ status: 'failed', work: 1000, startedAt: at(0), completedAt: at(1) })
  await place.enqueue({ status: 'completed', work: 0, startedAt: at(0), completedAt: at(1) })
  type Capabilities = { models: { id: string; seconds_per_work: number | null }[] }
  const speed = async () => (await json<Capabilities>(place.as(place.ann, '/v1/capabilities'))).models[0]!.seconds_per_work
  expect(await speed()).toBeCloseTo(0.002, 9)
  // Remembered: asking again costs no look at all videos.
  await db.delete(videos)
  expect(await speed()).toBeCloseTo(0.002, 9)
})

describe('other forms of a video', () => {
  const content = (id: string, variant: string, options: TestRequest = {}) =>
    place.as(place.ann, `/v1/videos/${id}/content?variant=${variant}`, options)
  const leftIn = () => readdirSync(path.join(place.service.folder, 'uploads')).filter((name) => name.startsWith('convert-'))

  test.each([
    ['webm', 'video/webm'],
    ['gif', 'image/gif'],
  ])('%s is made once, carries the settings, and stays', async (form, mediaType) => {
    const id = await finished()
    const answers = await Promise.all([content(id, form), content(id, form), content(id, form)])
    const [first, ...others] = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())))
    expect(answers.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual(Array(3).fill([200, mediaType]))
    for (const other of others) expect(other.equals(first!)).toBe(true)
    const file = path.join(place.service.folder, `made.${form}`)
    writeFileSync(file, first!)
    expect(await readMetadata(file)).toEqual(METADATA)
    expect((await readVideo(file)).frames.shape).toEqual([FRAMES, 32, 48, 3])

    const stored = (await filesOf(id))[form] as StoredFile
    expect(stored).toMatchObject({ bytes: first!.length, mediaType })
    expect(existsSync(path.join(place.service.folder, 'files', stored.key.slice(0, 2), stored.key))).toBe(true)
    const part = await content(id, form, { headers: { range: 'bytes=0-3' } })
    expect([part.status, part.headers.get('etag'), (await part.arrayBuffer()).byteLength]).toEqual([206, `"${stored.digest}"`, 4])
    expect(leftIn()).toEqual([])
    await place.as(place.ann, `/v1/videos/${id}`, { method: 'DELETE' })
  })

  test('is given up when nobody waits any more, and made for who asks again', async () => {
    const id = await finished()
    const leaving = new AbortController()
    const asked = content(id, 'webm', { signal: leaving.signal })
    await expect.poll(() => leftIn().length, { interval: 5 }).toBe(1)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await expect.poll(() => leftIn().length).toBe(0)
    expect(Object.keys(await filesOf(id))).toEqual(['video'])
    expect((await content(id, 'webm')).status).toBe(200)
  })

  test('of a video that cannot be read leaves nothing; of one that goes meanwhile as well', async () => {
    const broken = await finished(Buffer.from('no video at all'))
    expect(await codeOf(content(broken, 'gif'), 409)).toBe('conversion_failed variant')
    expect(Object.keys(await filesOf(broken))).toEqual(['video'])
    const going = await finished()
    const asked = content(going, 'gif')
    await expect.poll(() => leftIn().length, { interval: 5 }).toBe(1)
    await place.services.db.delete(videos).where(eq(videos.id, going))
    expect(await codeOf(asked, 410)).toBe('video_expired')
    await wait(20)
    const keys = readdirSync(path.join(place.service.folder, 'files'), { recursive: true }).map(String)
    expect(keys.filter((name) => name.endsWith('.gif'))).toEqual([])
    expect(leftIn()).toEqual([])
  })

  test('is not for others, nor before there is a video', async () => {
    const id = await finished()
    expect(await codeOf(place.as(place.bob, `/v1/videos/${id}/content?variant=gif`), 404)).toBe('video_not_found')
    expect(await codeOf(content(await place.enqueue(), 'gif'), 409)).toBe('video_not_ready')
    expect(await codeOf(content(id, 'avi'), 400)).toBe('invalid_value variant')
  })
})
