// A worker at the real thing: PGlite, a storage in a folder, the library's small checkpoint, and engine processes that are killed.

import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { readMetadata, readVideo, saveVideo, tensor } from 'kinora'
import { pino } from 'pino'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture } from '../../../../packages/kinora/test/support/safetensors.ts'
import { dataFolder } from '../../test/support/data-folder.ts'
import { configSchema } from '../config/config.ts'
import { type OpenDatabase, openDatabase } from '../db/open.ts'
import { models, previews, users, videos, workers } from '../db/schema.ts'
import type { VideoRequest } from '../db/values.ts'
import { announce, CHANNEL } from '../queue/channel.ts'
import { LAST, requestCancel } from '../queue/order.ts'
import { localStorage } from '../storage/local.ts'
import { storageKey } from '../storage/storage.ts'
import { type RunningWorker, startWorker, type WorkerOptions } from './worker.ts'

const REQUEST: VideoRequest = {
  task: 'generate',
  prompt: 'a panda',
  negative_prompt: '',
  num_frames: 4,
  fps: 8,
  num_inference_steps: 2,
  guidance_scale: 9,
  seed: 7,
  width: 64,
  height: 64,
}
/** Runs for many seconds. */
const LONG = { num_inference_steps: 900 }

/** The machine may be busy. */
const SOON = { interval: 50, timeout: 50_000 }

const data = await dataFolder('worker')
const config = configSchema.parse({
  data,
  models: [{ name: 'tiny', source: fixture('checkpoints/ms') }],
  threads: 1,
  heartbeatSeconds: 0.3,
  lostAfterSeconds: 20,
  retention: { days: 1 },
})
const storage = localStorage(path.join(data, 'files'))
let database: OpenDatabase

beforeAll(async () => {
  database = await openDatabase({ folder: data })
  await database.db.insert(users).values({ id: 'ann', name: 'ann', role: 'user' })
})
afterAll(async () => {
  await database.close()
  rmSync(data, { recursive: true, force: true })
})

function start(changes: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  return startWorker({ database, storage, config, log: pino({ level: process.env.KINORA_TEST_LOG ?? 'silent' }), ...changes })
}

async function expectNothingLeft(): Promise<void> {
  expect(engines()).toEqual([])
  expect(readdirSync(path.join(data, 'work'))).toEqual([])
  expect(await database.db.select().from(workers)).toEqual([])
  expect(await database.db.select().from(previews)).toEqual([])
}

async function enqueue(request: Partial<VideoRequest> = {}, model = 'tiny'): Promise<string> {
  const id = `video_${randomUUID()}`
  await database.db.insert(videos).values({ id, userId: 'ann', model, request: { ...REQUEST, ...request }, position: LAST as never })
  await announce(database.db, id)
  return id
}

async function row(id: string) {
  return (await database.db.select().from(videos).where(eq(videos.id, id)))[0]!
}

/** The row once it has ended. */
async function ended(id: string) {
  await expect.poll(async () => (await row(id)).status, SOON).toMatch(/completed|failed|cancelled/)
  return row(id)
}

/** Once it is computed. */
async function denoises(id: string): Promise<void> {
  for (;;) {
    const { status, progress, errorMessage } = await row(id)
    if (progress?.phase === 'denoising' && progress.step > 0) return
    expect(status, errorMessage ?? '').toMatch(/queued|in_progress/)
    await delay(50)
  }
}

/** Engine processes of this one. */
function engines(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')[1]
        return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine-child')
      } catch {
        return false // it has just ended
      }
    })
    .map(Number)
}

/** Path of a file of a video, copied under a name that ends as its form does. */
async function fetched(id: string, variant: string): Promise<string> {
  const { key } = (await row(id)).files[variant]!
  const file = path.join(data, `${variant}-${key}`)
  writeFileSync(file, await buffer((await storage.get(key))!))
  return file
}

async function storeVideo(frames: number): Promise<string> {
  const shape = [frames, 64, 64, 3]
  const values = Float32Array.from({ length: frames * 64 * 64 * 3 }, (_, i) => ((i * 7) % 101) / 100)
  const file = path.join(data, 'input.mp4')
  await saveVideo(tensor('float32', shape, values), file)
  const key = storageKey(randomUUID().replaceAll('-', '').repeat(2), 'mp4')
  await storage.put(key, file, 'video/mp4')
  rmSync(file)
  return key
}

describe('at work', () => {
  let worker: RunningWorker
  beforeAll(async () => {
    worker = await start()
  })
  afterAll(async () => {
    await worker.stop()
    await expectNothingLeft()
  })

  test('describes its models', async () => {
    expect((await database.db.select().from(models))[0]).toMatchObject({
      name: 'tiny',
      description: {
        title: 'tiny',
        license: null,
        size_multiple: 8,
        scheduler: 'DDIMScheduler',
        loras: [],
        defaults: { width: 64, height: 64, num_frames: 16, guidance_scale: 9, edit_guidance_scale: 15, strength: 0.6, fps: 8 },
      },
    })
  })

  test('shows a video while it is made, in colours that it has learned from the first one', async () => {
    expect(await ended(await enqueue({ seed: 1 }))).toMatchObject({ status: 'completed' })
    expect((await database.db.select().from(models))[0]!.previewMap).toHaveLength(3)
    const id = await enqueue({ seed: 2, num_inference_steps: 50 })
    let preview: typeof previews.$inferSelect | undefined
    while (!/completed|failed/.test((await row(id)).status)) {
      preview = (await database.db.select().from(previews))[0] ?? preview
      await delay(50)
    }
    expect(preview).toMatchObject({ videoId: id })
    expect(await sharp(preview!.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 32, height: 32 })
    const colours = async (file: string | Uint8Array) => (await sharp(file).stats()).channels.slice(0, 3).map(({ mean }) => mean)
    const [shown, final] = [await colours(preview!.jpeg), await colours(await fetched(id, 'thumbnail'))]
    for (const c of [0, 1, 2]) expect(Math.abs(shown[c]! - final[c]!)).toBeLessThan(20) // grey would be 36 off
  })

  test('generates, edits and extends videos that play and tell how they were made', async () => {
    const seen: { id: string; percent: number; status: string }[] = []
    const deaf = await database.listen(CHANNEL, (id) => {
      void row(id).then(({ status, progress }) => seen.push({ id, status, percent: progress?.percent ?? 0 }))
    })
    const input = await storeVideo(5)
    const generated = await enqueue({ scheduler: 'euler', fps: 12 })
    const edited = await enqueue({ task: 'edit', input, num_frames: 5, num_inference_steps: 4, strength: 0.5, width: 96 })
    const extended = await enqueue({ task: 'extend', input, num_frames: 3, overlap: 2, strength: 0.9, input_frames: 5 })
    for (const id of [generated, edited, extended]) expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 1, warnings: [] })
    await deaf()

    const expected = [
      { id: generated, frames: 4, width: 64, metadata: { scheduler: 'euler', fps: 12, numFrames: 4, seed: 7, numInferenceSteps: 2 } },
      { id: edited, frames: 5, width: 96, metadata: { video: input, strength: 0.5, width: 96 } },
      { id: extended, frames: 8, width: 64, metadata: { continueFrom: input, overlap: 2, numFrames: 5 } },
    ]
    for (const { id, frames, width, metadata } of expected) {
      const { files, completedAt, expiresAt } = await row(id)
      expect(expiresAt!.getTime() - completedAt!.getTime()).toBe(86_400_000)
      const video = await fetched(id, 'video')
      expect(await readVideo(video)).toMatchObject({ width, height: 64, frames: { shape: [frames, 64, width, 3] } })
      expect(await readMetadata(video)).toMatchObject({ model: 'tiny', prompt: 'a panda', negativePrompt: '', ...metadata })
      expect(await sharp(await fetched(id, 'thumbnail')).metadata()).toMatchObject({ format: 'webp', width, height: 64 })
      const columns = Math.ceil(Math.sqrt(frames))
      const sheet = { format: 'jpeg', width: columns * width, height: 64 * Math.ceil(frames / columns) }
      expect(await sharp(await fetched(id, 'spritesheet')).metadata()).toMatchObject(sheet)
      for (const { key, bytes, digest } of Object.values(files)) {
        expect(key.startsWith(digest)).toBe(true)
        expect(await storage.size(key)).toBe(bytes)
      }
      const percents = seen.filter((one) => one.id === id && one.status === 'in_progress').map(({ percent }) => percent)
      expect(percents).toEqual(percents.toSorted((a, b) => a - b))
      expect(Math.max(0, ...percents)).toBeLessThan(100)
    }
  })

  test('a job is cancelled within a second, and the next one is made', async () => {
    const id = await enqueue(LONG)
    await denoises(id)
    const at = performance.now()
    await requestCancel(database.db, 'ann', id)
    expect(await ended(id)).toMatchObject({ status: 'cancelled', files: {} })
    expect(performance.now() - at).toBeLessThan(1000)
    expect(await ended(await enqueue())).toMatchObject({ status: 'completed' })
  })

  test('an engine that is killed is started anew, once', async () => {
    const id = await enqueue({ num_inference_steps: 60 })
    await denoises(id)
    for (const pid of engines()) process.kill(pid, 'SIGKILL')
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 1 })
    const twice = await enqueue(LONG)
    await denoises(twice)
    const [first] = engines()
    process.kill(first!, 'SIGKILL')
    await expect.poll(() => engines().filter((pid) => pid !== first).length, SOON).toBe(1)
    for (const pid of engines()) process.kill(pid, 'SIGKILL')
    expect(await ended(twice)).toMatchObject({ status: 'failed', errorCode: 'engine_failed' })
  })

  test('what cannot be made fails with a reason, and the next one is made', async () => {
    const gone = storageKey('0'.repeat(64), 'mp4')
    expect(await ended(await enqueue({ task: 'edit', input: gone }))).toMatchObject({ status: 'failed', errorCode: 'input_gone' })
    const odd = await ended(await enqueue({ width: 60 }))
    const message = expect.stringContaining('width is 60') as string
    expect(odd).toMatchObject({ status: 'failed', errorCode: 'invalid_request', errorMessage: message })
    expect(await ended(await enqueue())).toMatchObject({ status: 'completed' })
  })

  test('one that was given up stops, changes nothing, and comes back', async () => {
    const id = await enqueue(LONG)
    await denoises(id)
    const [before] = engines()
    // As reclaimLost does with one that was not heard of, and another worker that takes the job.
    await database.db.transaction(async (tx) => {
      await tx.insert(workers).values({ id: 'another', name: 'another', device: 'cpu', models: [] })
      await tx.delete(workers).where(eq(workers.id, worker.id))
      await tx.update(videos).set({ workerId: 'another', attempt: 2, progress: null }).where(eq(videos.id, id))
    })
    await expect.poll(() => engines().includes(before!), SOON).toBe(false)
    expect(await row(id)).toMatchObject({ status: 'in_progress', workerId: 'another', attempt: 2, progress: null })
    await database.db.delete(workers).where(eq(workers.id, 'another'))
    await expect.poll(async () => (await database.db.select().from(workers)).map((one) => one.id), SOON).toEqual([worker.id])
    expect(await ended(id)).toMatchObject({ status: 'failed', errorCode: 'worker_lost' })
  })

  test('a storage that fails for a moment loses nothing', async () => {
    const files = path.join(data, 'files')
    renameSync(files, `${files}.aside`)
    writeFileSync(files, 'no folder')
    const id = await enqueue()
    await expect.poll(async () => (await row(id)).progress?.phase, SOON).toBe('encoding video')
    await delay(300)
    expect(await row(id)).toMatchObject({ status: 'in_progress' })
    rmSync(files)
    renameSync(`${files}.aside`, files)
    expect(await ended(id)).toMatchObject({ status: 'completed' })
  })

  test('draining ends with the job that runs', async () => {
    const [current, next] = [await enqueue({ num_inference_steps: 30 }), await enqueue()]
    await denoises(current)
    const left = worker.drain()
    await expect.poll(async () => (await database.db.select().from(workers))[0]?.draining, SOON).toBe(true)
    await left
    expect(await row(current)).toMatchObject({ status: 'completed' })
    expect(await row(next)).toMatchObject({ status: 'queued', attempt: 0 })
    await requestCancel(database.db, 'ann', next)
  })
})

test.each([
  ['stopping', 600, 'stop'],
  ['draining for too long', 0, 'drain'],
] as const)('%s gives the job back', async (_what, drainSeconds, end) => {
  const worker = await start({ config: { ...config, drainSeconds } })
  const id = await enqueue(LONG)
  await expect.poll(() => engines().length, SOON).toBe(1)
  await worker[end]()
  expect(await row(id)).toMatchObject({ status: 'queued', attempt: 0, workerId: null })
  await requestCancel(database.db, 'ann', id)
  await expectNothingLeft()
})

test('files that a dead worker left are removed', async () => {
  const left = path.join(data, 'work', `${os.hostname()}-999999999-0-abc`)
  mkdirSync(path.join(left, 'job-1'), { recursive: true })
  const worker = await start()
  expect(existsSync(left)).toBe(false)
  await worker.stop()
})

test('without any model that opens it does not start, and leaves nothing', async () => {
  const broken = { ...config, models: [{ name: 'none', source: path.join(data, 'nowhere') }] }
  await expect(start({ config: broken })).rejects.toThrow(/nowhere/)
  await expectNothingLeft()
})
