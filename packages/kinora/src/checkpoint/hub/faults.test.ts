// Pulling from a hub that fails in every way that real ones do: connections cut at random bytes, limits, refusals, wrong content.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { modelFiles, sha256 } from '../../../test/support/hub-files.ts'
import { type FakeHub, type Fault, startHub } from '../../../test/support/hub-server.ts'
import { CheckpointError } from '../../errors.ts'
import { modelStatus, pullModel } from './hub.node.ts'
import type { PullOptions, PullProgress } from './hub.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-faults-'))
const COMMIT = 'c'.repeat(40)
const LORA = 'lora.safetensors'
/** What one cut may cost: bytes on their way through the client when the connection ends. */
const BLOCK = 64 * 1024
const SIZE = 3_000_017
const BYTES = Buffer.alloc(SIZE)
for (let i = 0, x = 1; i < SIZE; i++) {
  x = (x * 1103515245 + 12345) % 2 ** 31
  BYTES[i] = x >> 16
}

let hub: FakeHub
let cache: string
let options: PullOptions

beforeAll(async () => {
  hub = await startHub({})
})
afterAll(async () => {
  await hub.close()
  rmSync(TEMP, { recursive: true, force: true })
})
beforeEach(() => {
  hub.hits.length = 0
  hub.fault = () => undefined
  hub.repos = { 'owner/lora': { commit: COMMIT, files: { 'README.md': Buffer.from('x'), [LORA]: BYTES } } }
  cache = mkdtempSync(path.join(TEMP, 'cache-'))
  options = { cache, endpoint: hub.endpoint, env: {}, retryDelayMs: 5, timeoutMs: 5000 }
})

const folder = () => path.join(cache, 'models--owner--lora')
const blob = () => path.join(folder(), 'blobs', sha256(BYTES))
const starts = () => hub.hits.filter(({ server, path: file }) => server === 'cdn' && file === LORA).map(({ start }) => start)
const failure = (more: PullOptions = {}) =>
  pullModel('owner/lora', { ...options, ...more }).then(
    () => new Error('it worked'),
    (error: unknown) => error as Error,
  )
/** One fault after the other for the large file, none behind the last. */
function faults(...list: readonly (Fault | undefined)[]): void {
  const left = [...list]
  hub.fault = (hit) => (hit.server === 'cdn' && hit.path === LORA ? left.shift() : undefined)
}

it('ends with the right bytes after ten cuts at random places, and gets none twice but for a block a cut', async () => {
  const files = modelFiles(700_000)
  hub.repos['owner/lora'] = { commit: COMMIT, files }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 10, maxLength: 10 }), async (cuts) => {
      hub.hits.length = 0
      const left = [...cuts]
      hub.fault = ({ path: file }) => (/safetensors|vocab/.test(file) && left.length > 0 ? { cutAt: left.shift()! } : undefined)
      const fresh = mkdtempSync(path.join(TEMP, 'cuts-'))
      const pulled = await pullModel('owner/lora', { ...options, cache: fresh })
      expect(left).toEqual([])
      for (const file of pulled.files) expect(readFileSync(path.join(pulled.path, file)).equals(files[file]!)).toBe(true)
      for (const file of pulled.files) {
        const requests = hub.hits.filter((hit) => hit.path === file && hit.sent > 0)
        expect(hub.sentFor(file)).toBeLessThanOrEqual(files[file]!.length + BLOCK * (requests.length - 1))
      }
      expect(readdirSync(path.join(fresh, 'models--owner--lora/blobs')).some((name) => name.endsWith('.incomplete'))).toBe(false)
      rmSync(fresh, { recursive: true })
    }),
    { numRuns: 4 },
  )
})

it('continues in a second call where the first was stopped, and says what is there', async () => {
  for (const part of [0.2, 0.5, 0.8]) {
    const controller = new AbortController()
    const onProgress = ({ bytes }: PullProgress) => bytes >= part * SIZE && controller.abort(new Error('enough'))
    faults({ slowMs: 10 })
    expect((await failure({ signal: controller.signal, onProgress })).message).toBe('enough')
    const kept = statSync(`${blob()}.incomplete`).size
    expect(kept).toBeGreaterThanOrEqual(part * SIZE)
    expect(await modelStatus('owner/lora', { ...options, offline: true })).toMatchObject({ state: 'partial', here: kept, bytes: SIZE })
  }
  hub.fault = () => undefined
  const kept = statSync(`${blob()}.incomplete`).size
  expect(await pullModel('owner/lora', options)).toMatchObject({ downloaded: SIZE - kept })
  expect(starts().at(-1)).toBe(kept)
  expect(readFileSync(blob()).equals(BYTES)).toBe(true)
})

it('stops at once, at any moment', async () => {
  const reason = new Error('stop')
  expect(await failure({ signal: AbortSignal.abort(reason) })).toBe(reason)
  for (const when of ['/api/models/owner/lora/revision/main', LORA]) {
    const controller = new AbortController()
    hub.fault = (hit) => {
      if (hit.path === when) setTimeout(() => controller.abort(reason), 20)
      return hit.server === 'cdn'
        ? { stallAt: 100 }
        : hit.path === when && hit.path !== LORA
          ? { status: 503, headers: { 'retry-after': '60' } }
          : undefined
    }
    const start = performance.now()
    expect(await failure({ signal: controller.signal })).toBe(reason)
    expect(performance.now() - start).toBeLessThan(2000)
  }
})

it('skips what it has when a server ignores ranges', async () => {
  faults({ cutAt: 1_000_000 }, { ignoreRange: true, cutAt: 2_000_000 }, { ignoreRange: true })
  const reports: number[] = []
  const pulled = await pullModel('owner/lora', { ...options, onProgress: ({ bytes }) => reports.push(bytes) })
  expect(readFileSync(pulled.path).equals(BYTES)).toBe(true)
  expect(reports).toEqual(reports.toSorted((a, b) => a - b))
  expect(pulled.downloaded).toBe(SIZE)
})

it('waits as long as a busy hub asks', async () => {
  faults({ status: 429, headers: { 'retry-after': '1' } }, { status: 503 }, { status: 500 })
  const start = performance.now()
  await pullModel('owner/lora', options)
  expect(performance.now() - start).toBeGreaterThan(990)
  expect(starts()).toEqual([0, 0, 0, 0])
  hub.fault = () => ({ status: 429, headers: { 'retry-after': '3600' } })
  cache = mkdtempSync(path.join(TEMP, 'cache-'))
  expect((await failure({ cache })).message).toMatch(
    /^127\.0\.0\.1:\d+ asks to slow down and to come back in 60 minutes; run it again then$/,
  )
})

it('gives up after failures without progress, and keeps what came', async () => {
  faults({ cutAt: 500_000 }, ...Array.from({ length: 3 }, () => ({ status: 502 })))
  const error = await failure({ retries: 2 })
  expect(error).toBeInstanceOf(CheckpointError)
  expect(error.message).toMatch(
    /^lora\.safetensors of owner\/lora could not be downloaded: localhost:\d+ answers 502 \(3 attempts\); run it again later, what is there is kept$/,
  )
  expect(statSync(`${blob()}.incomplete`).size).toBeGreaterThan(400_000)
})

it('takes a connection that gives nothing for dead', async () => {
  faults({ stallAt: 1_000_000 })
  const pulled = await pullModel('owner/lora', { ...options, timeoutMs: 400 })
  expect(readFileSync(pulled.path).equals(BYTES)).toBe(true)
  expect(starts()[1]).toBeGreaterThan(900_000)
  faults({ stallAt: 0 })
  rmSync(cache, { recursive: true })
  expect((await failure({ timeoutMs: 400, retries: 0 })).message).toMatch(/sent nothing for 0\.4 s; run it again later/)
})

it.each([
  [
    'other bytes',
    Buffer.concat([BYTES.subarray(0, -1), Buffer.from([BYTES.at(-1)! ^ 1])]),
    /lora\.safetensors of owner\/lora has another checksum than listed, so it was thrown away/,
  ],
  ['more bytes', Buffer.concat([BYTES, Buffer.from('x')]), /is longer than listed/],
  ['fewer bytes', BYTES.subarray(0, 1000), /is shorter than listed/],
])('throws %s away', async (_, body, message) => {
  faults({ body }, { body })
  const error = await failure()
  expect(error).toBeInstanceOf(CheckpointError)
  expect(error.message).toMatch(message)
  expect(readdirSync(path.join(folder(), 'blobs'))).toEqual([])
  hub.fault = () => undefined
  expect(readFileSync((await pullModel('owner/lora', options)).path).equals(BYTES)).toBe(true)
})

it('checks small files by their git object id', async () => {
  hub.repos['owner/lora'] = { commit: COMMIT, files: modelFiles(1000) }
  hub.fault = ({ path: file }) =>
    file === 'unet/config.json' ? { body: Buffer.from('{"of": "evil/config.json", "and": "more"}') } : undefined
  expect((await failure()).message).toMatch(/^unet\/config\.json of owner\/lora /)
  hub.fault = ({ path: file }) => (file === 'unet/config.json' ? { body: Buffer.from('{"of": "uNet/config.json"}') } : undefined)
  expect((await failure()).message).toMatch(/^unet\/config\.json of owner\/lora has another checksum than listed/)
})
