// Both storages with real bytes: a folder, and a bucket over HTTP (test/support/s3-server.ts checks the signatures).

import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { S3_KEYS, type S3TestServer, startS3 } from '../../test/support/s3-server.ts'
import { localStorage } from './local.ts'
import { s3Storage } from './s3.ts'
import { parseS3Url } from './s3-address.ts'
import { checkedKey, type Storage, storageKey } from './storage.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-storage-'))
const root = path.join(folder, 'deep', 'files')
let s3: S3TestServer
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(async () => {
  await s3.close()
  rmSync(folder, { recursive: true, force: true })
})

async function made(bytes: Buffer): Promise<{ key: string; file: string; bytes: Buffer }> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const file = path.join(folder, digest)
  await writeFile(file, bytes)
  return { key: storageKey(digest, 'mp4'), file, bytes }
}
async function read(storage: Storage, key: string, range?: { start: number; end: number }): Promise<Buffer | undefined> {
  const stream = await storage.get(key, range)
  return stream && buffer(stream)
}
async function all(storage: Storage): Promise<{ key: string; bytes: number }[]> {
  const found: { key: string; bytes: number }[] = []
  for await (const { key, bytes } of storage.list()) found.push({ key, bytes })
  return found
}
const bucket = (options = {}) => s3Storage({ ...parseS3Url(s3.url, {}), ...S3_KEYS, waits: [1, 1], ...options })

describe.each([
  ['folder', () => localStorage(root)],
  ['bucket', () => bucket()],
] as const)('a %s', (_, open) => {
  let storage: Storage
  beforeAll(() => {
    storage = open()
  })

  test('keeps, gives, lists and removes', async () => {
    expect(await all(storage)).toEqual([])
    const files = await Promise.all([0, 1, 1000, 70_000, 5].map((size) => made(randomBytes(size))))
    for (const { key, file } of files) await storage.put(key, file, 'video/mp4')
    for (const { key, bytes } of files) {
      expect(await storage.size(key)).toBe(bytes.length)
      expect(await read(storage, key)).toEqual(bytes)
    }
    const byKey = (a: { key: string }, b: { key: string }) => a.key.localeCompare(b.key)
    expect((await all(storage)).sort(byKey)).toEqual(files.map(({ key, bytes }) => ({ key, bytes: bytes.length })).sort(byKey))
    const { key, bytes } = files[3]!
    expect(await read(storage, key, { start: 100, end: 199 })).toEqual(bytes.subarray(100, 200))
    expect(await read(storage, key, { start: 69_999, end: 69_999 })).toEqual(bytes.subarray(69_999))
    for (const each of files) await storage.remove(each.key)
    await storage.remove(key)
    expect(await storage.size(key)).toBeUndefined()
    expect(await storage.get(key)).toBeUndefined()
    expect(await storage.get(key, { start: 0, end: 1 })).toBeUndefined()
    expect(await all(storage)).toEqual([])
  })

  test('takes one key many times at once', async () => {
    const { key, file, bytes } = await made(randomBytes(300_000))
    await Promise.all(Array.from({ length: 8 }, () => storage.put(key, file, 'video/mp4')))
    expect(await read(storage, key)).toEqual(bytes)
    expect(await all(storage)).toEqual([{ key, bytes: bytes.length }])
    expect(await storage.removeUnfinished(new Date(Date.now() + 60_000))).toBe(0)
    await storage.remove(key)
  })

  test('takes nothing of a file that is not there', async () => {
    const { key } = await made(Buffer.from('gone'))
    await expect(storage.put(key, path.join(folder, 'none'), 'video/mp4')).rejects.toThrow('ENOENT')
    expect(await all(storage)).toEqual([])
    expect(await storage.removeUnfinished(new Date(Date.now() + 60_000))).toBe(0)
  })

  test('can be probed, which leaves nothing', async () => {
    await storage.probe()
    expect(await all(storage)).toEqual([])
    expect([...s3.objects.keys()]).toEqual([])
  })

  test('asks for nothing but keys', async () => {
    const bad = fc.oneof(
      fc.string(),
      fc.constantFrom('../../etc/passwd', `${'a'.repeat(64)}.mp4/../x`, `${'a'.repeat(64)}.mp4\n`, `${'A'.repeat(64)}.mp4`),
    )
    const before = s3.requests.length
    await fc.assert(
      fc.asyncProperty(bad, async (key) => {
        for (const ask of [storage.put(key, root, ''), storage.get(key), storage.size(key), storage.remove(key)])
          await expect(ask).rejects.toThrow(RangeError)
      }),
      { numRuns: 100 },
    )
    expect(s3.requests).toHaveLength(before)
  })
})

test('a key is a digest and an extension, and stays in its folder', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      fc.constantFrom('mp4', 'webp', 'gif'),
      (digest, extension) => {
        expect(checkedKey(storageKey(digest, extension))).toBe(`${digest}.${extension}`)
      },
    ),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!/^[0-9a-f]{64}\.[a-z0-9]{2,5}$/.test(text))
      expect(() => checkedKey(text)).toThrow(RangeError)
    }),
  )
})

describe('a folder', () => {
  test('of which others may read nothing', async () => {
    const { key, file } = await made(randomBytes(10))
    await localStorage(root).put(key, file, 'video/mp4')
    const place = path.join(root, key.slice(0, 2), key)
    expect([(await stat(place)).mode & 0o777, (await stat(path.dirname(place))).mode & 0o777]).toEqual([0o600, 0o700])
    await localStorage(root).remove(key)
  })

  test('does not show what puts that were killed left, and takes it away when it is old', async () => {
    const storage = localStorage(root)
    const { key, file } = await made(randomBytes(10))
    await storage.put(key, file, 'video/mp4')
    const inside = path.join(root, key.slice(0, 2))
    const old = [path.join(inside, `${key}.11111111.tmp`), path.join(root, 'probe.tmp')]
    const fresh = path.join(inside, `${key}.22222222.tmp`)
    for (const place of [...old, fresh]) await writeFile(place, 'half')
    for (const place of old) await utimes(place, 1000, 1000)
    expect(await all(storage)).toEqual([{ key, bytes: 10 }])
    expect(await storage.removeUnfinished(new Date(Date.now() - 60_000))).toBe(2)
    expect((await readdir(inside)).sort()).toEqual([key, path.basename(fresh)].sort())
    expect(await storage.removeUnfinished(new Date(Date.now() + 60_000))).toBe(1)
    await storage.remove(key)
  })

  test('has whole files only, whenever the process is killed that puts them', async () => {
    const place = path.join(folder, 'killed')
    const program = `
      import { createHash, randomBytes } from 'node:crypto'
      import { writeFile } from 'node:fs/promises'
      import { localStorage } from ${JSON.stringify(new URL('local.ts', import.meta.url).href)}
      const storage = localStorage(process.argv[1])
      for (;;) {
        const bytes = randomBytes(2_000_000)
        await writeFile(process.argv[1] + '.source', bytes)
        await storage.put(createHash('sha256').update(bytes).digest('hex') + '.mp4', process.argv[1] + '.source', 'video/mp4')
        console.log('put')
      }`
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, ['--conditions=kinora-dev', '--input-type=module', '-e', program, place])
      await once(child.stdout, 'data')
      await wait(Math.random() * 80)
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    const storage = localStorage(place)
    const found = await all(storage)
    expect(found.length).toBeGreaterThanOrEqual(5)
    for (const { key, bytes } of found) {
      expect(bytes).toBe(2_000_000)
      expect(
        createHash('sha256')
          .update((await read(storage, key))!)
          .digest('hex'),
      ).toBe(key.slice(0, 64))
    }
    await storage.removeUnfinished(new Date(Date.now() + 60_000))
    const names = (await readdir(place, { recursive: true })).filter((name) => name.includes(path.sep))
    expect(names).toHaveLength(found.length)
  })

  test('does not list what is not its own', async () => {
    const { key } = await made(randomBytes(10))
    await mkdir(path.join(root, 'zz'), { recursive: true })
    await writeFile(path.join(root, 'zz', key), 'at a wrong place')
    await writeFile(path.join(root, 'zz', '.DS_Store'), '')
    await writeFile(path.join(root, 'notes.txt'), '')
    await mkdir(path.join(root, key.slice(0, 2)), { recursive: true })
    await symlink('/etc/passwd', path.join(root, key.slice(0, 2), `${key.slice(0, 2)}${'0'.repeat(62)}.mp4`))
    const keys = (await all(localStorage(root))).map((each) => each.key)
    expect(keys.filter((each) => each === key)).toEqual([])
    rmSync(root, { recursive: true })
    expect(await all(localStorage(root))).toEqual([])
  })

  test('that cannot be written says so, without its path', async () => {
    const { key, file } = await made(randomBytes(10))
    const sentence = 'the storage of videos cannot be written: a file lies where its folder should be'
    await expect(localStorage(file).probe()).rejects.toThrow(sentence)
    await expect(localStorage(file).put(key, file, '')).rejects.toThrow(sentence)
  })
})

describe('a bucket', () => {
  afterEach(() => {
    s3.fault = undefined
    s3.objects.clear()
    s3.uploads.clear()
    s3.requests.length = 0
  })

  test('gets large files in parts, which become one', async () => {
    const { key, file, bytes } = await made(randomBytes(17 * 2 ** 20 + 5))
    let lost = 0
    s3.fault = ({ url }) => (url!.includes('partNumber=2') && lost++ === 0 ? 503 : undefined)
    await bucket().put(key, file, 'video/mp4')
    expect(lost).toBe(2)
    expect(s3.requests.filter((line) => line.includes('partNumber'))).toHaveLength(4)
    expect(
      createHash('sha256')
        .update((await read(bucket(), key))!)
        .digest('hex'),
    ).toBe(key.slice(0, 64))
    expect(await bucket().size(key)).toBe(bytes.length)
    expect(s3.objects.get(`some/where/${key}`)!.mediaType).toBe('video/mp4')
    expect(s3.uploads.size).toBe(0)
  })

  test('leaves no parts of an upload that fails, and takes away those of one that was killed', async () => {
    const { key, file } = await made(randomBytes(9 * 2 ** 20))
    s3.fault = ({ url }) => (url!.includes('partNumber=2') ? 500 : undefined)
    await expect(bucket().put(key, file, 'video/mp4')).rejects.toThrow('the S3 storage answers 500')
    expect([s3.uploads.size, s3.objects.size]).toEqual([0, 0])
    s3.fault = undefined
    const begun = (minutes: number, at: string) =>
      s3.uploads.set(at, { key: at, begun: new Date(Date.now() - minutes * 60_000), mediaType: '', parts: new Map() })
    begun(90, 'some/where/old')
    begun(5, 'some/where/new')
    begun(90, 'elsewhere/old')
    expect(await bucket().removeUnfinished(new Date(Date.now() - 3_600_000))).toBe(1)
    expect([...s3.uploads.keys()]).toEqual(['some/where/new', 'elsewhere/old'])
  })

  test('is asked again after a failure that passes, and not after one that stays', async () => {
    const { key, file } = await made(randomBytes(100))
    let times = 0
    s3.fault = () => (times++ < 2 ? 503 : undefined)
    await bucket().put(key, file, 'video/mp4')
    expect(times).toBe(3)
    s3.fault = undefined
    s3.requests.length = 0
    const stranger = bucket({ secretAccessKey: 'not the one' })
    await expect(stranger.size(key)).rejects.toThrow(/answers 403; see that AWS_ACCESS_KEY_ID/)
    await expect(stranger.put(key, file, 'video/mp4')).rejects.toThrow('answers 403 SignatureDoesNotMatch')
    expect(s3.requests).toHaveLength(2)
  })

  test('is not waited for without end', async () => {
    const { key, file } = await made(randomBytes(100))
    s3.fault = () => 'silence'
    await expect(bucket({ answerWithin: 100 }).put(key, file, 'video/mp4')).rejects.toThrow('does not answer (ETIMEDOUT)')
    const gone = await startS3()
    await gone.close()
    const nobody = s3Storage({ ...parseS3Url(gone.url, {}), ...S3_KEYS, waits: [1] })
    await expect(nobody.size(key)).rejects.toThrow('does not answer (ECONNREFUSED)')
  })

  test('whose answer breaks off is an error of the stream, not a short file', async () => {
    const { key, file } = await made(randomBytes(500_000))
    await bucket().put(key, file, 'video/mp4')
    s3.fault = () => 'cut'
    await expect(read(bucket(), key)).rejects.toThrow()
  })

  test('refuses bytes that are not those of the key', async () => {
    const { key } = await made(randomBytes(100))
    const other = await made(randomBytes(100))
    await expect(bucket().put(key, other.file, 'video/mp4')).rejects.toThrow('answers 400 BadDigest')
    expect(s3.objects.size).toBe(0)
  })

  test('that is not there is an error with a sentence, without keys in it', async () => {
    const { key, file } = await made(randomBytes(100))
    const none = s3Storage({ ...parseS3Url(s3.url.replace('videos', 'other'), {}), ...S3_KEYS, waits: [] })
    await expect(all(none)).rejects.toThrow('has no such bucket')
    const error: unknown = await bucket({ secretAccessKey: 'wrong' })
      .put(key, file, 'x')
      .catch((reason: unknown) => reason)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/AKID|secret|wrong/)
  })

  test('files of its prefix only', async () => {
    const { key, file, bytes } = await made(randomBytes(100))
    s3.objects.set(`some/where/else/${key}`, { bytes, mediaType: '', changed: new Date() })
    s3.objects.set(`some/${key}`, { bytes, mediaType: '', changed: new Date() })
    await bucket().put(key, file, 'video/mp4')
    expect(await all(bucket())).toEqual([{ key, bytes: 100 }])
    expect(await readFile(file)).toEqual(s3.objects.get(`some/where/${key}`)!.bytes)
  })
})
