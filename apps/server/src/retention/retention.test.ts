// What is removed and what is not, with real files, on PGlite and, where it is installed, PostgreSQL.

import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../../test/support/postgres.ts'
import { REQUEST } from '../../test/support/request.ts'
import { configSchema } from '../config/config.ts'
import { type OpenDatabase, openDatabase } from '../db/open.ts'
import { users, videos } from '../db/schema.ts'
import type { StoredFile } from '../db/values.ts'
import { completeJob } from '../queue/report.ts'
import { takeJob } from '../queue/take.ts'
import { localStorage } from '../storage/local.ts'
import { type Storage, storageKey } from '../storage/storage.ts'
import { heldKeys } from './held.ts'
import { lockForBackup, nameFiles, type PutFile, withKeys } from './keys.ts'
import { removeVideo } from './remove-video.ts'
import { keepOut } from './retention.ts'
import { emptyTrash } from './trash.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-retention-'))
const postgres = await startPostgres()
afterAll(async () => {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each([['PGlite'] as const, ...(postgres ? [['PostgreSQL'] as const] : [])])('%s', (name) => {
  let open: OpenDatabase
  let storage: Storage
  const files = path.join(folder, name, 'files')
  beforeAll(async () => {
    open = await openDatabase({ url: name === 'PGlite' ? undefined : await postgres!.createDatabase(), folder: path.join(folder, name) })
  })
  beforeEach(async () => {
    await open.db.execute(sql`truncate users, workers cascade`)
    await open.db.insert(users).values({ id: 'ann', name: 'ann', role: 'user' })
    rmSync(files, { recursive: true, force: true })
    storage = localStorage(files)
  })
  afterAll(() => open.close())

  const servicesOf = (retention: { days?: number; bytes?: number } = {}) => ({
    db: open.db,
    storage,
    config: configSchema.parse({ retention }),
    log: pino({ level: 'silent' }),
  })

  async function made(bytes: Buffer = randomBytes(100)): Promise<PutFile & { stored: StoredFile }> {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const file = path.join(folder, digest)
    await writeFile(file, bytes)
    const key = storageKey(digest, 'mp4')
    return { key, path: file, mediaType: 'video/mp4', stored: { key, bytes: bytes.length, mediaType: 'video/mp4', digest } }
  }
  async function put(bytes?: Buffer): Promise<PutFile & { stored: StoredFile }> {
    const file = await made(bytes)
    await storage.put(file.key, file.path, file.mediaType)
    return file
  }
  let count = 0
  async function row(values: Partial<typeof videos.$inferInsert> = {}): Promise<string> {
    const id = `video_${++count}`
    const completedAt = new Date(Date.now() - 3_600_000 + count * 1000)
    await open.db
      .insert(videos)
      .values({ id, userId: 'ann', model: 'demo', request: REQUEST, position: count, status: 'completed', completedAt, ...values })
    return id
  }
  const read = async (id: string) => (await open.db.select().from(videos).where(eq(videos.id, id)))[0]
  const isThere = async ({ key }: PutFile) => (await storage.size(key)) !== undefined
  async function keys(): Promise<string[]> {
    const found: string[] = []
    for await (const { key } of storage.list()) found.push(key)
    return found.sort()
  }
  const makeOld = ({ key }: PutFile) => utimes(path.join(files, key.slice(0, 2), key), 1000, 1000)

  test('which keys are needed', async () => {
    const [video, thumbnail, waiting, ended, expired, failed, nobodys] = await Promise.all(Array.from({ length: 7 }, () => made()))
    const input = (file: PutFile | undefined) => ({ request: { ...REQUEST, input: file!.key } })
    await row({ files: { video: video!.stored, thumbnail: thumbnail!.stored } })
    await row({ status: 'queued', completedAt: null, ...input(waiting) })
    await row({ expiresAt: new Date(Date.now() + 60_000), ...input(ended) })
    await row({ expiresAt: new Date(Date.now() - 60_000), ...input(expired) })
    await row({ status: 'failed', ...input(failed) })
    const asked = [video, thumbnail, waiting, ended, expired, failed, nobodys].map((file) => file!.key)
    expect(await heldKeys(open.db, asked)).toEqual(new Set([video, thumbnail, waiting, ended, failed].map((file) => file!.key)))
    expect(await heldKeys(open.db, [])).toEqual(new Set())
  })

  test('a removed video takes its bytes along, but not those of others', async () => {
    const [own, shared, input] = [await put(), await put(), await put()]
    const id = await row({ files: { video: own.stored, thumbnail: shared.stored }, request: { ...REQUEST, input: input.key } })
    const other = await row({ files: { video: shared.stored } })
    const user = await row({ status: 'queued', request: { ...REQUEST, input: input.key } })
    expect(await removeVideo(servicesOf(), { id })).toBe(true)
    expect(await removeVideo(servicesOf(), { id })).toBe(false)
    expect(await read(id)).toBeUndefined()
    expect([await isThere(own), await isThere(shared), await isThere(input)]).toEqual([false, true, true])
    await removeVideo(servicesOf(), { id: other })
    await removeVideo(servicesOf(), { id: user })
    expect(await keys()).toEqual([])
  })

  test('what lay in the trash for a quarter of an hour is removed for good, its bytes when nobody else has them', async () => {
    const [own, shared, kept] = [await put(), await put(), await put()]
    const ago = (seconds: number) => ({ trashedAt: sql`now() - make_interval(secs => ${seconds})` as never })
    const old = await row({ files: { video: own.stored, thumbnail: shared.stored }, ...ago(901) })
    const running = await row({ status: 'in_progress', completedAt: null, cancelRequested: true, ...ago(1000) })
    const fresh = await row({ files: { video: kept.stored }, ...ago(880) })
    const other = await row({ files: { video: shared.stored } })
    expect(await keepOut(servicesOf(), { orphanAfter: -1000 })).toMatchObject({ expired: 0, orphans: 0 })
    expect(await emptyTrash(servicesOf())).toBe(2)
    expect(await emptyTrash(servicesOf())).toBe(0)
    expect([await read(old), await read(running)]).toEqual([undefined, undefined])
    expect([await read(fresh), await read(other)]).toMatchObject([{ files: { video: kept.stored } }, { trashedAt: null }])
    expect(await keys()).toEqual([shared.key, kept.key].sort())
    // Restored between the look and the removal.
    const restored = await row(ago(901))
    const isDue = sql`${videos.trashedAt} <= now()`
    await open.db.update(videos).set({ trashedAt: null }).where(eq(videos.id, restored))
    expect(await removeVideo(servicesOf(), { id: restored }, isDue)).toBe(false)
    expect(await read(restored)).toBeDefined()
  })

  test('by age: what its row or the setting says, with what it was made from', async () => {
    const [byRow, bySetting, young, input, failedInput] = [await put(), await put(), await put(), await put(), await put()]
    const day = 86_400_000
    const first = await row({
      files: { video: byRow.stored },
      expiresAt: new Date(Date.now() - 1000),
      request: { ...REQUEST, input: input.key },
    })
    const second = await row({ files: { video: bySetting.stored }, completedAt: new Date(Date.now() - 3 * day) })
    const third = await row({ files: { video: young.stored }, completedAt: new Date(Date.now() - day) })
    const fourth = await row({
      status: 'failed',
      completedAt: new Date(Date.now() - 3 * day),
      request: { ...REQUEST, input: failedInput.key },
    })
    expect(await keepOut(servicesOf())).toEqual({ expired: 1, removed: 2, orphans: 0 })
    const expiry = (await read(first))!.expiresAt!
    expect(expiry.getTime()).toBeLessThan(Date.now() - 500)
    expect(await keepOut(servicesOf({ days: 2 }))).toEqual({ expired: 2, removed: 2, orphans: 0 })
    expect(await keepOut(servicesOf({ days: 2 }))).toEqual({ expired: 0, removed: 0, orphans: 0 })
    expect(await read(first)).toMatchObject({ status: 'completed', files: {}, expiresAt: expiry })
    expect((await read(second))!.expiresAt!.getTime()).toBeGreaterThan(Date.now() - 60_000)
    expect(await read(third)).toMatchObject({ files: { video: young.stored }, expiresAt: null })
    expect((await read(fourth))!.expiresAt).not.toBeNull()
    expect(await keys()).toEqual([young.key])
  })

  test('by size: the oldest go until the rest is small enough, and bytes that two share count once', async () => {
    const [a, b, c, d] = [
      await put(randomBytes(1000)),
      await put(randomBytes(1000)),
      await put(randomBytes(1000)),
      await put(randomBytes(1000)),
    ]
    const ids = [a, b, b, c, d].map((file) => row({ files: { video: file.stored } }))
    const waiting = await row({ status: 'queued', completedAt: null, request: { ...REQUEST, input: a.key } })
    expect(await keepOut(servicesOf({ bytes: 4000 }))).toMatchObject({ expired: 0 })
    // The first one's bytes are still needed, and the second one's are the third one's as well.
    expect(await keepOut(servicesOf({ bytes: 3500 }))).toEqual({ expired: 3, removed: 1, orphans: 0 })
    expect(await keys()).toEqual([a.key, c.key, d.key].sort())
    expect(await Promise.all(ids.map(async (id) => Object.keys((await read(await id))!.files).length))).toEqual([0, 0, 0, 1, 1])
    expect(await read(waiting)).toMatchObject({ status: 'queued' })
    expect(await keepOut(servicesOf({ bytes: 1 }))).toMatchObject({ expired: 2, removed: 2 })
    expect(await keys()).toEqual([a.key])
  })

  test('what no row has goes after an hour', async () => {
    const [fresh, old, held] = [await put(), await put(), await put()]
    await row({ files: { video: held.stored } })
    for (const file of [old, held]) await makeOld(file)
    expect(await keepOut(servicesOf())).toEqual({ expired: 0, removed: 0, orphans: 1 })
    expect(await keys()).toEqual([fresh.key, held.key].sort())
    const many = await Promise.all(Array.from({ length: 40 }, () => put()))
    for (const file of many) await makeOld(file)
    expect(await keepOut(servicesOf())).toMatchObject({ orphans: 40 })
    expect(await keys()).toEqual([fresh.key, held.key].sort())
  })

  test('storage that fails keeps a file too many, and a later pass removes it', async () => {
    const file = await put()
    const id = await row({ files: { video: file.stored } })
    const failing = { ...storage, remove: () => Promise.reject(new Error('the disk is gone')) }
    expect(await removeVideo({ ...servicesOf(), storage: failing }, { id })).toBe(true)
    expect(await isThere(file)).toBe(true)
    expect(await keepOut(servicesOf(), { orphanAfter: -1000 })).toMatchObject({ orphans: 1 })
    expect(await keys()).toEqual([])
  })

  test('a job that ends with the bytes of a video that is being removed keeps them', async () => {
    // Slow enough for each side to act on what the other one changes, were it not for the locks. And a pass to which all is old.
    const slow: Storage = {
      ...storage,
      size: (key) => storage.size(key).then((size) => wait(5, size)),
      remove: (key) => wait(5).then(() => storage.remove(key)),
      removeUnfinished: () => Promise.resolve(0),
    }
    const services = { ...servicesOf(), storage: slow }
    for (let round = 0; round < 10; round++) {
      const file = await put()
      const old = await row({ files: { video: file.stored } })
      await row({ status: 'queued', completedAt: null })
      const job = (await takeJob(open.db, 'w1', ['demo']))!
      const complete = async () => {
        await storage.put(file.key, file.path, file.mediaType)
        expect(await nameFiles(services, [file], (tx) => completeJob(tx, job, { video: file.stored }, undefined))).toBe(true)
      }
      const remove = async () => {
        await wait(Math.random() * 12)
        await removeVideo(services, { id: old })
      }
      await Promise.all([complete(), remove(), keepOut(services, { orphanAfter: -1000 })])
      expect(await read(old)).toBeUndefined()
      expect(await read(job.id)).toMatchObject({ status: 'completed', files: { video: file.stored } })
      expect(await isThere(file)).toBe(true)
      await removeVideo(services, { id: job.id })
      expect(await isThere(file)).toBe(false)
    }
  })

  test('bytes that were removed between the put and the row are put again', async () => {
    const file = await put()
    await keepOut(servicesOf(), { orphanAfter: -1000 })
    expect(await isThere(file)).toBe(false)
    const id = await row({ status: 'queued', completedAt: null })
    const job = (await takeJob(open.db, 'w1', ['demo']))!
    expect(job.id).toBe(id)
    await nameFiles(servicesOf(), [file], (tx) => completeJob(tx, job, { video: file.stored }, undefined))
    expect(await isThere(file)).toBe(true)
  })
})

describe.skipIf(!postgres)('between connections', () => {
  test('who names a key and who removes it wait for each other, in whatever order keys are given', async () => {
    const open = await openDatabase({ url: await postgres!.createDatabase(), folder })
    const keys = Array.from({ length: 5 }, () => storageKey(randomBytes(32).toString('hex'), 'mp4'))
    let inside = 0
    const visit = (order: readonly string[]) =>
      withKeys(open.db, order, async () => {
        expect(++inside).toBe(1)
        await wait(2)
        inside--
      })
    await Promise.all(Array.from({ length: 12 }, (_, i) => visit(i % 2 === 0 ? keys : keys.toReversed())))
    await open.close()
  })

  test('while a backup runs bytes stay, and rows may go', async () => {
    const open = await openDatabase({ url: await postgres!.createDatabase(), folder })
    const { db } = open
    const storage = localStorage(path.join(folder, 'backed-up'))
    const services = { db, storage, config: configSchema.parse({ retention: { bytes: 1 } }), log: pino({ level: 'silent' }) }
    await db.insert(users).values({ id: 'ann', name: 'ann', role: 'user' })
    const bytes = randomBytes(50)
    const digest = createHash('sha256').update(bytes).digest('hex')
    const key = storageKey(digest, 'mp4')
    await writeFile(path.join(folder, key), bytes)
    await storage.put(key, path.join(folder, key), 'video/mp4')
    const stored = { key, bytes: 50, mediaType: 'video/mp4', digest }
    for (const id of ['v1', 'v2'])
      await db.insert(videos).values({
        id,
        userId: 'ann',
        model: 'demo',
        request: REQUEST,
        position: 1,
        status: 'completed',
        completedAt: new Date(),
        files: { video: stored },
      })
    await db.transaction(async (tx) => {
      await lockForBackup(tx)
      expect(await keepOut(services, { orphanAfter: -1000 })).toEqual({ expired: 0, removed: 0, orphans: 0 })
      for (const id of ['v1', 'v2']) expect(await removeVideo(services, { id })).toBe(true)
      expect(await storage.size(key)).toBe(50)
    })
    expect(await keepOut(services, { orphanAfter: -1000 })).toMatchObject({ orphans: 1 })
    expect(await storage.size(key)).toBeUndefined()
    await open.close()
  })
})
