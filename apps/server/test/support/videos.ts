// A service without workers, two users, and videos in any state: what a worker does, a test does with the queue's own functions.

import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { models, users, videos, workers } from '../../src/db/schema.ts'
import type { ModelDescription, StoredFile, VideoRequest } from '../../src/db/values.ts'
import { heartbeat } from '../../src/queue/lost.ts'
import { LAST } from '../../src/queue/order.ts'
import { completeJob } from '../../src/queue/report.ts'
import { type Job, takeJob } from '../../src/queue/take.ts'
import type { Services } from '../../src/services.ts'
import { storageKey } from '../../src/storage/storage.ts'
import { REQUEST as PLAIN } from './request.ts'
import { startService, type TestRequest, type TestService } from './service.ts'

export const REQUEST: VideoRequest = { ...PLAIN, lora: [{ name: 'ink', scale: 0.5 }] }
const TINY: ModelDescription = {
  name: 'tiny',
  title: 'Tiny',
  license: null,
  defaults: { width: 64, height: 64, num_frames: 16, num_inference_steps: 2, guidance_scale: 9, strength: 0.6, fps: 8 },
  size_multiple: 8,
  scheduler: 'DDIMScheduler',
  loras: ['ink'],
}
/** Of a video that is completed. */
export const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_each, i) => i % 251))

interface TestUser {
  readonly id: string
  readonly key: string
}

export interface VideosService {
  readonly service: TestService
  readonly services: Services
  readonly ann: TestUser
  readonly bob: TestUser
  /** No videos any more, and one worker that is known. */
  readonly reset: () => Promise<void>
  /** A waiting video, of ann unless `values` say otherwise; its id. */
  readonly enqueue: (values?: Partial<typeof videos.$inferInsert>) => Promise<string>
  readonly take: () => Promise<Job>
  readonly store: (bytes: Buffer, extension: string, mediaType: string) => Promise<StoredFile>
  /** A video of ann with BYTES and a thumbnail; its id. */
  readonly completed: () => Promise<string>
  /** Undefined: the administrator. */
  readonly as: (who: Pick<TestUser, 'key'> | undefined, at: string, options?: TestRequest) => Promise<Response>
}

export async function startVideosService(): Promise<VideosService> {
  const service = await startService({ workers: 0 })
  const [ann, bob] = [await service.addUser('ann'), await service.addUser('bob')]
  const { services } = service.running
  const { db, hub, storage } = services
  await db.insert(models).values({ name: 'tiny', description: TINY })
  let named = 0

  async function enqueue(values: Partial<typeof videos.$inferInsert> = {}): Promise<string> {
    const id = `video_${++named}`
    await db.insert(videos).values({ id, userId: ann.id, model: 'tiny', request: REQUEST, position: LAST as never, ...values })
    hub.changed(id)
    return id
  }

  async function take(): Promise<Job> {
    const job = (await takeJob(db, 'w1', ['tiny']))!
    hub.changed(job.id)
    return job
  }

  async function store(bytes: Buffer, extension: string, mediaType: string): Promise<StoredFile> {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const [key, file] = [storageKey(digest, extension), path.join(service.folder, 'made')]
    writeFileSync(file, bytes)
    await storage.put(key, file, mediaType)
    return { key, bytes: bytes.length, mediaType, digest }
  }

  return {
    service,
    services,
    ann,
    bob,
    enqueue,
    take,
    store,
    async reset() {
      await db.delete(videos)
      await db.delete(workers)
      await db.update(users).set({ servedAt: null })
      await heartbeat(db, { id: 'w1', name: 'w1', device: 'cpu', models: ['tiny'] })
    },
    async completed() {
      await enqueue({ priority: 9 })
      const job = await take()
      const files = { video: await store(BYTES, 'mp4', 'video/mp4'), thumbnail: await store(BYTES.subarray(0, 100), 'webp', 'image/webp') }
      expect(await completeJob(db, job, files, 3600)).toBe(true)
      hub.changed(job.id)
      return job.id
    },
    as: (who, at, options = {}) => service.fetch(at, { ...options, ...(who && { key: who.key }) }),
  }
}

/** The body of an answer with this status. */
export async function json<T = Record<string, unknown>>(answering: Promise<Response>, status = 200): Promise<T> {
  const response = await answering
  const text = await response.text()
  expect([response.status, text]).toEqual([status, text])
  return JSON.parse(text) as T
}

/** Of a refusal with this status: its code, and the field at fault. */
export async function codeOf(answering: Promise<Response>, status: number): Promise<string> {
  const { error } = await json<{ error: { code: string; param: string | null } }>(answering, status)
  return error.param === null ? error.code : `${error.code} ${error.param}`
}
