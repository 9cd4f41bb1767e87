// Backups of real services, from PGlite to PostgreSQL and back where it is installed, and what becomes of one that was changed.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { eq, is, sql } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../../test/support/postgres.ts'
import { REQUEST as PLAIN } from '../../test/support/request.ts'
import { type Config, configSchema } from '../config/config.ts'
import { type Database, openDatabase } from '../db/open.ts'
import * as schema from '../db/schema.ts'
import type { StoredFile, VideoRequest } from '../db/values.ts'
import { nameFiles } from '../retention/keys.ts'
import { removeVideo } from '../retention/remove-video.ts'
import { localStorage } from '../storage/local.ts'
import { storageKey } from '../storage/storage.ts'
import { backup } from './backup.ts'
import { restore } from './restore.ts'
import { BACKED_UP, LEFT_OUT, nameOf } from './tables.ts'

/** What is easily changed on the way. */
const REQUEST: VideoRequest = {
  ...PLAIN,
  prompt: 'a "panda"\\\n eats — 竹子 🐼, {it\'s} {"good"}',
  fps: 7.3,
  seed: Number.MAX_SAFE_INTEGER,
}
const { users, videos, audit } = schema
const folder = mkdtempSync(path.join(tmpdir(), 'kinora-backup-'))
const postgres = await startPostgres()
afterAll(async () => {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const configOf = (name: string, databaseUrl: string | null = null): Config =>
  configSchema.parse({ data: path.join(folder, name), databaseUrl })
const copyOf = (copy: string, { stored: { key } }: { stored: StoredFile }) => path.join(copy, 'files', key.slice(0, 2), key)
const placeOf = (config: Config, key: string) => path.join(config.data, 'files', key.slice(0, 2), key)

async function withDatabase<T>(config: Config, action: (db: Database) => Promise<T>): Promise<T> {
  const open = await openDatabase({ url: config.databaseUrl ?? undefined, folder: config.data })
  try {
    return await action(open.db)
  } finally {
    await open.close()
  }
}

async function store(config: Config, size: number): Promise<{ stored: StoredFile; path: string }> {
  const bytes = randomBytes(size)
  const digest = createHash('sha256').update(bytes).digest('hex')
  const key = storageKey(digest, 'mp4')
  const file = path.join(folder, key)
  await writeFile(file, bytes)
  await localStorage(path.join(config.data, 'files')).put(key, file, 'video/mp4')
  return { stored: { key, bytes: size, mediaType: 'video/mp4', digest }, path: file }
}

/** Every table with rows, of values that are easily lost on the way. */
async function fill(db: Database, config: Config) {
  const [video, lost, input, stray] = await Promise.all([5000, 100, 70, 30].map((size) => store(config, size)))
  const row = { userId: 'ann', model: 'demo', request: REQUEST, position: 0.1 + 0.2 }
  await db.insert(users).values([
    { id: 'ann', name: 'Ann "A" O’Hara', role: 'admin', passwordHash: '$argon2id$v=19$x', quota: { perDay: 3 }, servedAt: new Date(123) },
    { id: 'bob', name: 'bob', role: 'user' },
  ])
  await db.insert(videos).values([
    {
      ...row,
      id: 'done',
      status: 'completed',
      completedAt: new Date(),
      files: { video: video!.stored },
      warnings: ['cut "off", here', '', '{}'],
      work: 2 ** 52,
      starred: true,
      trashedAt: new Date(1_700_000_000_123),
    },
    {
      ...row,
      id: 'lost',
      status: 'completed',
      completedAt: new Date(),
      files: { video: lost!.stored },
      expiresAt: new Date(Date.now() + 1e6),
    },
    {
      ...row,
      id: 'running',
      status: 'in_progress',
      attempt: 2,
      workerId: 'w1',
      startedAt: new Date(),
      request: { ...REQUEST, input: input!.stored.key },
    },
    { ...row, id: 'stopping', status: 'in_progress', attempt: 1, workerId: 'w1', cancelRequested: true },
    { ...row, id: 'waiting', position: -1e-300, priority: 5 },
  ])
  await db.insert(schema.models).values({ name: 'demo', description: { name: 'demo' } as never, previewMap: null })
  await db.insert(schema.idempotencyKeys).values({ userId: 'ann', key: 'k\t1', requestHash: 'h', videoId: 'done' })
  await db.insert(schema.usage).values({ videoId: 'done', userId: 'ann', work: 7 })
  await db
    .insert(schema.apiKeys)
    .values({ id: 'key', userId: 'ann', name: 'my key', keyHash: 'x', start: 'kin_', scopes: ['videos:read', 'admin'] })
  await db.insert(audit).values(Array.from({ length: 1203 }, (_, i) => ({ action: 'login', details: { i, empty: null } })))
  await db.insert(schema.facts).values({ name: 'setup', value: 'hash' })
  await db.insert(schema.sessions).values({ tokenHash: 't', userId: 'ann', expiresAt: new Date(), address: '::1' })
  await db.insert(schema.workers).values({ id: 'w1', name: 'w', device: 'cpu', models: ['demo'] })
  await db.insert(schema.previews).values({ videoId: 'running', step: 1, jpeg: new Uint8Array([1, 2]) })
  await db.insert(schema.loginFailures).values({ subject: 'account:x', count: 1 })
  await rm(placeOf(config, lost!.stored.key))
  return { video: video!, lost: lost!, input: input!, stray: stray! }
}

async function allRows(db: Database): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {}
  for (const table of BACKED_UP) rows[nameOf(table)] = await db.select().from(table).orderBy(sql`1`, sql`2`)
  return rows
}

test('every table is either backed up or left out', () => {
  const tables = Object.values(schema).filter((value) => is(value, PgTable))
  expect([...BACKED_UP, ...LEFT_OUT].map(nameOf).sort()).toEqual(tables.map(nameOf).sort())
})

describe('an embedded service', () => {
  const source = configOf('source')
  const first = path.join(folder, 'first')
  let files: Awaited<ReturnType<typeof fill>>
  let before: Record<string, unknown[]>
  beforeAll(async () => {
    await withDatabase(source, async (db) => {
      files = await fill(db, source)
      before = await allRows(db)
      await expect(backup(source, first)).rejects.toThrow(/ is in use by .* is backed up while its service is stopped/)
      expect(await readdir(first)).toEqual([])
    })
    const { lost } = files
    expect(await backup(source, first)).toEqual({ rows: 1215, files: 2, bytes: 5070, missing: [lost.stored.key] })
  })

  test('is copied for nobody else to read, to an empty folder only', async () => {
    await expect(backup(source, first)).rejects.toThrow('is not empty')
    expect((await readdir(first)).sort()).toEqual(
      ['backup.json', 'files', 'files.jsonl', ...BACKED_UP.map((table) => `${nameOf(table)}.jsonl`)].sort(),
    )
    for (const entry of await readdir(first, { recursive: true })) expect((await stat(path.join(first, entry))).mode & 0o077).toBe(0)
    const text = await Promise.all(
      (await readdir(first)).filter((name) => name.endsWith('l')).map((name) => readFile(path.join(first, name), 'utf8')),
    )
    expect(text.join('')).not.toContain('account:x')
  })

  test('comes back by way of PostgreSQL as it was, without sessions, with the jobs waiting that ran', async () => {
    const shared = postgres && configOf('shared', await postgres.createDatabase())
    let last = first
    if (shared) {
      expect(await restore(shared, first)).toMatchObject({ rows: 1215, files: 2 })
      last = path.join(folder, 'second')
      expect(await backup(shared, last)).toMatchObject({ rows: 1215, files: 2, missing: [] })
    }
    const target = configOf('target')
    await restore(target, last)
    const { video, input, lost, stray } = files
    await withDatabase(target, async (db) => {
      const after = await allRows(db)
      for (const table of BACKED_UP) if (table !== videos) expect(after[nameOf(table)]).toEqual(before[nameOf(table)])
      const byId = (rows: unknown[]) => Object.fromEntries((rows as { id: string }[]).map((row) => [row.id, row]))
      const [was, is] = [byId(before.videos!), byId(after.videos!)]
      for (const id of ['done', 'waiting']) expect(is[id]).toEqual(was[id])
      expect(is.running).toEqual({ ...was.running, status: 'queued', attempt: 1, workerId: null, startedAt: null })
      expect(is.stopping).toMatchObject({ status: 'cancelled' })
      expect(is.lost).toMatchObject({ status: 'completed', files: {} })
      expect((is.lost as unknown as { expiresAt: Date }).expiresAt.getTime()).toBeLessThanOrEqual(Date.now())
      for (const table of LEFT_OUT) expect(await db.select().from(table)).toEqual([])
      const [next] = await db.insert(audit).values({ action: 'after' }).returning()
      expect(next!.id).toBe(1204)
    })
    for (const { stored, path: file } of [video, input]) expect(await readFile(placeOf(target, stored.key))).toEqual(await readFile(file))
    for (const { stored } of [lost, stray]) expect(existsSync(placeOf(target, stored.key))).toBe(false)
    await expect(restore(target, last)).rejects.toThrow('to an empty database only')
    if (shared) await expect(restore(shared, last)).rejects.toThrow('to an empty database only')
  })

  test.each<[string, (copy: string) => Promise<unknown>]>([
    ['cut off before its end', (copy) => rm(path.join(copy, 'backup.json'))],
    ['with a changed description', (copy) => flip(path.join(copy, 'backup.json'), 3)],
    ['with a row too many', (copy) => appendFile(path.join(copy, 'facts.jsonl'), '{"name":"a","value":"b"}\n')],
    ['with a changed row', (copy) => flip(path.join(copy, 'users.jsonl'), 20)],
    ['with a table cut off', (copy) => truncate(path.join(copy, 'audit.jsonl'), 100)],
    ['without a table', (copy) => rm(path.join(copy, 'videos.jsonl'))],
    ['with a changed file', (copy) => flip(copyOf(copy, files.video), 2000)],
    ['with a file cut off', (copy) => truncate(copyOf(copy, files.video), 2000)],
    ['without a file', (copy) => rm(copyOf(copy, files.input))],
    [
      'with a link in place of a file',
      async (copy) => {
        const place = copyOf(copy, files.input)
        await rename(place, `${place}.x`)
        await symlink(`${place}.x`, place)
      },
    ],
    [
      'with a file that a video names left out of its list',
      (copy) => rewrite(copy, (manifest) => ({ ...manifest, files: { rows: 0, bytes: 0, sha256: sha256('') } })),
    ],
    [
      'of a newer version',
      (copy) => rewrite(copy, (manifest) => ({ ...manifest, tables: [{ ...manifest.tables[0], columns: ['id', 'colour'] }] })),
    ],
    ['of another format', (copy) => rewrite(copy, (manifest) => ({ ...manifest, format: 2 }))],
  ])('%s is refused before anything is written', async (name, damage) => {
    const copy = path.join(folder, `damaged ${name}`)
    await cp(first, copy, { recursive: true })
    await damage(copy)
    const target = configOf(`untouched by ${name}`)
    await expect(restore(target, copy)).rejects.toMatchObject({
      code: 'bad_backup',
      message: expect.stringMatching(/^the backup cannot be used: /) as string,
    })
    expect(existsSync(target.data)).toBe(false)
  })
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Changes one bit. */
async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file)
  bytes[at] = bytes[at]! ^ 1
  await writeFile(file, bytes)
}

interface AnyManifest {
  readonly tables: readonly object[]
}

/** Changes the description and its digest with it, as somebody would who means to. */
async function rewrite(copy: string, change: (manifest: AnyManifest) => object): Promise<void> {
  const file = path.join(copy, 'backup.json')
  const [text = ''] = (await readFile(file, 'utf8')).split('\n')
  const changed = JSON.stringify(change(JSON.parse(text) as AnyManifest))
  await writeFile(file, `${changed}\n${sha256(changed)}\n`)
  await writeFile(path.join(copy, 'files.jsonl'), '')
}

describe.skipIf(!postgres)('a service on PostgreSQL', () => {
  test('is backed up while videos are made and removed', async () => {
    const source = configOf('busy', await postgres!.createDatabase())
    const target = configOf('copy of busy', await postgres!.createDatabase())
    await mkdir(source.data, { recursive: true })
    const storage = localStorage(path.join(source.data, 'files'))
    await withDatabase(source, async (db) => {
      await db.insert(users).values({ id: 'ann', name: 'ann', role: 'user' })
      const services = { db, storage, log: pino({ level: 'silent' }) }
      let [stop, made, gone] = [false, 0, 0]
      const make = async () => {
        while (!stop) {
          const { path: file, stored } = await store(source, 2000)
          const id = `video_${++made}`
          const values = {
            id,
            userId: 'ann',
            model: 'demo',
            request: REQUEST,
            position: made,
            status: 'completed' as const,
            completedAt: new Date(),
          }
          await nameFiles(services, [{ ...stored, path: file }], (tx) => tx.insert(videos).values({ ...values, files: { video: stored } }))
          if (made > 20 && (await removeVideo(services, { id: `video_${made - 20}` }))) gone++
        }
      }
      const making = [make(), make()]
      while (gone < 20) await wait(20)
      const [rows, at] = [made, gone]
      const summary = await backup(source, path.join(folder, 'busy-backup'))
      expect(summary.missing).toEqual([])
      expect(summary.files).toBeGreaterThan(10)
      expect([made > rows, gone > at]).toEqual([true, true])
      stop = true
      await Promise.all(making)
    })
    await restore(target, path.join(folder, 'busy-backup'))
    await withDatabase(target, async (db) => {
      const rows = await db.select().from(videos).where(eq(videos.status, 'completed'))
      expect(rows.length).toBeGreaterThan(10)
      for (const { files } of rows) {
        const bytes = await readFile(placeOf(target, files.video!.key))
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(files.video!.digest)
      }
    })
  })
})
