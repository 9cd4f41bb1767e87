// The bytes of videos and the events on the way to them, over HTTP.

import { createHash } from 'node:crypto'
import { get } from 'node:http'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { BYTES, codeOf, json, startVideosService, type VideosService } from '../../../test/support/videos.ts'
import { previews, videos } from '../../db/schema.ts'
import { cancelJob, completeJob, reportProgress } from '../../queue/report.ts'
import { videoObject } from '../../watch/video-object.ts'

let service: VideosService['service']
let services: VideosService['services']
let { ann, enqueue, take, completed, as, store, reset } = {} as VideosService

beforeAll(async () => {
  ;({ service, services, ann, enqueue, take, completed, as, store, reset } = await startVideosService())
})
afterAll(() => service.close())
beforeEach(() => reset())

describe('content', () => {
  test('whole, in part, and not again', async () => {
    const id = await completed()
    const whole = await as(ann, `/v1/videos/${id}/content`)
    expect(Buffer.from(await whole.arrayBuffer()).equals(BYTES)).toBe(true)
    const tag = `"${createHash('sha256').update(BYTES).digest('hex')}"`
    const expected = {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-disposition': `inline; filename="${id}.mp4"`,
      'content-length': '200000',
      'content-type': 'video/mp4',
      'x-content-type-options': 'nosniff',
      etag: tag,
    }
    expect(Object.fromEntries(whole.headers)).toMatchObject(expected)
    const head = await as(ann, `/v1/videos/${id}/content`, { method: 'HEAD', headers: { range: 'bytes=0-1' } })
    expect([head.status, Object.fromEntries(head.headers)]).toEqual([200, expect.objectContaining(expected)])

    const part = async (headers: Record<string, string>) => {
      const response = await as(ann, `/v1/videos/${id}/content`, { headers })
      return [response.status, response.headers.get('content-range'), Buffer.from(await response.arrayBuffer())] as const
    }
    expect(await part({ range: 'bytes=10-19' })).toEqual([206, 'bytes 10-19/200000', BYTES.subarray(10, 20)])
    expect(await part({ range: 'bytes=-5' })).toEqual([206, 'bytes 199995-199999/200000', BYTES.subarray(-5)])
    expect(await part({ range: 'bytes=199999-' })).toEqual([206, 'bytes 199999-199999/200000', BYTES.subarray(-1)])
    expect(await part({ range: 'bytes=10-19', 'if-range': tag })).toEqual([206, 'bytes 10-19/200000', BYTES.subarray(10, 20)])
    expect((await part({ range: 'bytes=10-19', 'if-range': '"other"' }))[0]).toBe(200)
    expect((await part({ range: 'bytes=1-2,5-6' }))[0]).toBe(200)
    const [status, range, body] = await part({ range: 'bytes=200000-' })
    expect([status, range]).toEqual([416, 'bytes */200000'])
    expect(JSON.parse(String(body))).toMatchObject({ error: { code: 'range_not_satisfiable' } })
    expect(await part({ 'if-none-match': tag, range: 'bytes=0-1' })).toEqual([304, null, Buffer.alloc(0)])

    const thumbnail = await as(ann, `/v1/videos/${id}/content?variant=thumbnail`)
    expect([thumbnail.headers.get('content-type'), thumbnail.headers.get('content-disposition')]).toEqual([
      'image/webp',
      `inline; filename="${id}.webp"`,
    ])
    expect([thumbnail.headers.get('cache-control'), thumbnail.headers.get('vary')]).toEqual([
      'private, max-age=86400, immutable',
      'cookie, authorization',
    ])
    expect((await thumbnail.arrayBuffer()).byteLength).toBe(100)
    expect(await codeOf(as(ann, `/v1/videos/${id}/content?variant=spritesheet`), 404)).toBe('variant_not_found variant')
  })

  test('not ready, failed, expired', async () => {
    const id = await enqueue()
    const early = await as(ann, `/v1/videos/${id}/content`)
    expect([early.status, early.headers.get('retry-after')]).toEqual([409, '2'])
    expect(await codeOf(Promise.resolve(early), 409)).toBe('video_not_ready')
    await cancelJob(services.db, await take())
    services.hub.changed(id)
    expect(await codeOf(as(ann, `/v1/videos/${id}/content`), 409)).toBe('video_failed')
    const gone = await completed()
    const { db, hub, storage } = services
    const job = (await hub.get(gone))!
    await storage.remove(job.files.video!.key)
    expect(await codeOf(as(ann, `/v1/videos/${gone}/content`), 410)).toBe('video_expired')
    await db.update(videos).set({ files: {}, expiresAt: sql`now()` }).where(eq(videos.id, gone))
    hub.changed(gone)
    expect(await codeOf(as(ann, `/v1/videos/${gone}/content`), 410)).toBe('video_expired')
  })

  test('a client that goes leaves no open file', async () => {
    const { db, hub, storage } = services
    const id = await completed()
    const large = await store(Buffer.alloc(64 * 2 ** 20, 1), 'mp4', 'video/mp4')
    await db
      .update(videos)
      .set({ files: { video: large } })
      .where(eq(videos.id, id))
    hub.changed(id)
    const readers: { destroyed: boolean; bytesRead: number }[] = []
    const original = storage.get.bind(storage)
    storage.get = async (...args) => {
      const bytes = await original(...args)
      if (bytes) readers.push(bytes as never)
      return bytes
    }
    await new Promise<void>((resolve) => {
      const request = get(`${service.url}/v1/videos/${id}/content`, { headers: { authorization: `Bearer ${ann.key}` } }, (response) => {
        response.once('data', () => {
          response.pause()
          setTimeout(() => {
            request.destroy()
            resolve()
          }, 300)
        })
      })
    })
    storage.get = original
    await expect.poll(() => readers.map(({ destroyed }) => destroyed)).toEqual([true])
    expect(readers[0]!.bytesRead).toBeLessThan(32 * 2 ** 20)
  })
})

describe('events', () => {
  type Event = { event: string; id: string; data: Record<string, unknown> }
  async function* events(response: Response): AsyncGenerator<Event> {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => line.split(/: (.*)/s)),
        ) as Record<string, string>
        text = text.slice(end + 2)
        if (fields.event) yield { event: fields.event, id: fields.id!, data: JSON.parse(fields.data!) as Event['data'] }
      }
    }
  }
  const watch = async (id: string, query = '', headers = {}, who: { key: string } = ann) => {
    const response = await as(who, `/v1/videos/${id}/events${query}`, { headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    const iterator = events(response)
    return { next: async () => (await iterator.next()).value as Event | undefined, stop: () => iterator.return(undefined) }
  }

  test('from the queue to completion, with pictures when asked, then the end', async () => {
    const { db } = services
    const id = await enqueue()
    const [one, two] = [await watch(id), await watch(id, '?preview=true', { 'last-event-id': 'anything' })]
    for (const { next } of [one, two])
      expect(await next()).toMatchObject({ event: 'progress', data: { status: 'queued', phase: 'queued', queue_position: 1, percent: 0 } })
    const job = await take()
    for (const { next } of [one, two])
      expect(await next()).toMatchObject({ event: 'progress', data: { status: 'in_progress', queue_position: null } })
    await db.insert(previews).values({ videoId: id, step: 1, jpeg: new Uint8Array([255, 216]) })
    await reportProgress(db, job, { percent: 12.5, phase: 'denoising', step: 1, total: 8, secondsLeft: 7 })
    for (const { next } of [one, two])
      expect((await next())!.data).toEqual({
        status: 'in_progress',
        phase: 'denoising',
        step: 1,
        total: 8,
        percent: 12,
        eta: 7,
        queue_position: null,
      })
    expect(await two.next()).toMatchObject({ event: 'preview', data: { step: 1, image_url: 'data:image/jpeg;base64,/9g=' } })
    await completeJob(db, job, {}, undefined)
    for (const { next } of [one, two]) {
      const last = (await next())!
      expect(last).toMatchObject({ event: 'completed', id: 'end', data: { id, status: 'completed', progress: 100 } })
      videoObject.strict().parse(last.data)
      expect(await next()).toBeUndefined()
    }
    const late = await watch(id)
    expect(await late.next()).toMatchObject({ event: 'completed' })
    expect(await late.next()).toBeUndefined()
    expect((await as(ann, `/v1/videos/${id}/events`, { headers: { 'last-event-id': 'end' } })).status).toBe(204)
  })

  test('cancelled and deleted videos end it too', async () => {
    const [cancelled, deleted] = [await enqueue(), await enqueue()]
    const [one, two] = [await watch(cancelled), await watch(deleted)]
    for (const { next } of [one, two]) await next()
    await json(as(ann, `/v1/videos/${cancelled}/cancel`, { method: 'POST' }))
    expect(await one.next()).toMatchObject({ event: 'failed', data: { error: { code: 'cancelled' } } })
    await json(as(ann, `/v1/videos/${deleted}`, { method: 'DELETE' }))
    let last = await two.next()
    if (last?.event === 'progress') last = await two.next()
    if (last?.data.status !== undefined) expect(last).toMatchObject({ event: 'failed', data: { error: { code: 'cancelled' } } })
    else expect(last).toMatchObject({ event: 'failed', data: { error: { code: 'video_deleted' } } })
    for (const { next } of [one, two]) expect(await next()).toBeUndefined()
  })

  test('a key that is revoked ends its streams within ten seconds', async () => {
    const dan = await service.addUser('dan')
    const id = await enqueue({ userId: dan.id })
    const [first, second] = [await watch(id, '', {}, dan), await watch(id, '', {}, { key: service.key })]
    for (const { next } of [first, second]) await next()
    await json(service.fetch(`/v1/admin/users/${dan.id}`, { method: 'PATCH', body: { disabled: true } }))
    const began = performance.now()
    expect(await first.next()).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(10_000)
    await json(as(undefined, `/v1/videos/${id}/cancel`, { method: 'POST' }))
    expect(await second.next()).toMatchObject({ event: 'failed' })
  })

  test('a service that closes lets its watchers go', async () => {
    const { next } = await watch(await enqueue())
    await next()
    const began = performance.now()
    await service.running.close()
    expect(await next()).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
