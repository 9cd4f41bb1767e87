// Pulling from a hub that works: what is asked, what lies in the cache afterwards, and what a second time costs.

import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { content, etag, modelFiles, sha256 } from '../../../test/support/hub-files.ts'
import { type FakeHub, startHub } from '../../../test/support/hub-server.ts'
import { ArgumentError, CheckpointError } from '../../errors.ts'
import { pullModel } from './hub.node.ts'
import type { PullOptions, PullProgress } from './hub.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-pull-'))
const COMMIT = 'a'.repeat(40)
const NEXT = 'b'.repeat(40)

const FILES = modelFiles()
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
  hub.pageSize = 1000
  hub.fault = () => undefined
  hub.repos = { 'owner/model': { commit: COMMIT, files: FILES } }
  cache = mkdtempSync(path.join(TEMP, 'cache-'))
  options = { cache, endpoint: hub.endpoint, env: {}, retryDelayMs: 10 }
})

const repoFolder = () => path.join(cache, 'models--owner--model')
const asked = () => hub.hits.map(({ path: file }) => file)
const failure = (spec: string, more: PullOptions = {}) =>
  pullModel(spec, { ...options, ...more }).then(
    () => new Error('it worked'),
    (error: unknown) => error as Error,
  )

it('downloads one encoding of the weights and lays it out as huggingface_hub does', async () => {
  hub.pageSize = 4
  const pulled = await pullModel('owner/model', options)
  expect(pulled).toMatchObject({
    local: false,
    layout: 'diffusers',
    repo: 'owner/model',
    revision: 'main',
    commit: COMMIT,
    confirmed: true,
  })
  expect(pulled.path).toBe(path.join(repoFolder(), 'snapshots', COMMIT))
  expect(pulled.variant).toBeUndefined()
  expect(pulled.files.filter((file) => file.includes('diffusion') || file.includes('text_encoder/m'))).toEqual([
    'text_encoder/model.safetensors',
    'unet/diffusion_pytorch_model.safetensors',
    'vae/diffusion_pytorch_model.safetensors',
  ])
  expect(pulled.bytes).toBe(pulled.files.reduce((sum, file) => sum + FILES[file]!.length, 0))
  expect(pulled.downloaded).toBe(pulled.bytes)
  for (const file of pulled.files) {
    const pointer = path.join(pulled.path, file)
    expect(readFileSync(pointer).equals(FILES[file]!)).toBe(true)
    expect(readlinkSync(pointer)).toBe(path.join(...file.split('/').map(() => '..'), '..', 'blobs', etag(file, FILES[file]!)))
  }
  expect(readFileSync(path.join(repoFolder(), 'refs/main'), 'utf8')).toBe(COMMIT)
  expect(readdirSync(path.join(repoFolder(), 'blobs')).sort()).toEqual(pulled.files.map((file) => etag(file, FILES[file]!)).sort())
  expect(readdirSync(path.join(cache, '.locks/models--owner--model'))).toEqual([])
  expect(readFileSync(path.join(cache, 'CACHEDIR.TAG'), 'utf8')).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55\n/)
  expect(asked().filter((file) => file.startsWith('/api')).length).toBeGreaterThan(4)
})

it('asks once for a branch and not at all for a commit when all is there', async () => {
  await pullModel('owner/model', options)
  hub.hits.length = 0
  const again = await pullModel('owner/model', options)
  expect(asked()).toEqual(['/api/models/owner/model/revision/main'])
  expect(again.downloaded).toBe(0)
  hub.hits.length = 0
  expect((await pullModel(`owner/model@${COMMIT}`, options)).path).toBe(again.path)
  expect(asked()).toEqual([])
})

it('takes half precision where it is preferred and there, or the variant asked for', async () => {
  const half = await pullModel('owner/model', { ...options, preferHalf: true })
  expect(half.variant).toBe('fp16')
  expect(half.files).toContain('unet/diffusion_pytorch_model.fp16.safetensors')
  expect(half.files).toContain('vae/diffusion_pytorch_model.safetensors')
  expect(await pullModel('owner/model', { ...options, variant: 'fp16' })).toMatchObject({ files: half.files, downloaded: 0 })
  expect((await failure('owner/model', { variant: 'bf16' })).message).toBe('owner/model has no variant bf16: it has fp16')
})

it('downloads only what a new commit changed, and keeps the old one', async () => {
  const old = await pullModel('owner/model', options)
  hub.repos['owner/model'] = { commit: NEXT, files: { ...FILES, 'unet/config.json': Buffer.from('{"new": true}') } }
  hub.hits.length = 0
  const now = await pullModel('owner/model', options)
  expect(now.commit).toBe(NEXT)
  expect(asked().filter((file) => !file.startsWith('/api'))).toEqual(['unet/config.json'])
  expect(now.downloaded).toBe(13)
  expect(readFileSync(path.join(now.path, 'unet/config.json'), 'utf8')).toBe('{"new": true}')
  expect(readFileSync(path.join(old.path, 'unet/config.json'), 'utf8')).toBe('{"of": "unet/config.json"}')
})

it('takes what another repository of the cache already has', async () => {
  const vae = content('shared', 1_500_000)
  hub.repos = {
    'owner/model': { commit: COMMIT, files: { ...FILES, 'vae/diffusion_pytorch_model.safetensors': vae } },
    'owner/tuned': { commit: NEXT, files: { ...FILES, 'vae/diffusion_pytorch_model.safetensors': vae } },
  }
  await pullModel('owner/model', options)
  hub.hits.length = 0
  await pullModel('owner/tuned', options)
  expect(hub.sentFor('vae/diffusion_pytorch_model.safetensors')).toBe(0)
  const [blob, source] = ['tuned', 'model'].map((name) => path.join(cache, `models--owner--${name}/blobs`, sha256(vae)))
  writeFileSync(source!, Buffer.alloc(vae.length)) // both names of one content: damaged, it is not passed on again
  rmSync(blob!)
  await pullModel('owner/tuned', options)
  expect(
    readFileSync(path.join(cache, 'models--owner--tuned/snapshots', NEXT, 'vae/diffusion_pytorch_model.safetensors')).equals(vae),
  ).toBe(true)
  expect(hub.sentFor('vae/diffusion_pytorch_model.safetensors')).toBe(vae.length)
})

it('names revisions with and without slashes, and folders and files inside', async () => {
  const lora = { 'anime/adapter_config.json': Buffer.from('{}'), 'anime/adapter_model.safetensors': content('lora', 5000) }
  hub.repos['owner/model'] = {
    commit: COMMIT,
    refs: ['refs/pr/3', 'v1'],
    files: { ...FILES, ...lora, 'one.safetensors': content('one', 700) },
  }
  const adapter = await pullModel('owner/model/anime@refs/pr/3', options)
  expect(adapter).toMatchObject({ layout: 'lora', revision: 'refs/pr/3', files: Object.keys(lora) })
  expect(adapter.path).toBe(path.join(repoFolder(), 'snapshots', COMMIT, 'anime'))
  expect(readFileSync(path.join(repoFolder(), 'refs/refs/pr/3'), 'utf8')).toBe(COMMIT)
  const file = await pullModel('owner/model@v1/one.safetensors', options)
  expect(file.path).toBe(path.join(repoFolder(), 'snapshots', COMMIT, 'one.safetensors'))
  expect((await failure('owner/model/flowers')).message).toMatch(/^owner\/model has no flowers: it has \.gitattributes, README\.md/)
})

it('reports progress that ends with everything', async () => {
  const reports: PullProgress[] = []
  const { bytes, files } = await pullModel('owner/model', { ...options, onProgress: (report) => reports.push(report) })
  expect(reports.every((report, i) => i === 0 || report.overallBytes >= reports[i - 1]!.overallBytes)).toBe(true)
  expect(reports.at(-1)).toMatchObject({
    state: 'done',
    overallBytes: bytes,
    overallTotal: bytes,
    filesDone: files.length,
    files: files.length,
  })
  expect(new Set(reports.filter(({ state }) => state === 'done').map(({ file }) => file))).toEqual(new Set(files))
})

it('sends the token to the hub alone', async () => {
  const env = { HF_TOKEN: 'hf_secret' }
  await pullModel('owner/model', { ...options, env })
  const tokens = (server: 'hub' | 'cdn') =>
    new Set(hub.hits.filter((hit) => hit.server === server).map(({ authorization }) => authorization))
  expect(tokens('hub')).toEqual(new Set(['Bearer hf_secret']))
  expect(tokens('cdn')).toEqual(new Set([undefined]))
})

it('does without links where they are not possible', async () => {
  const env = { HF_HUB_DISABLE_SYMLINKS: '1' }
  const pulled = await pullModel('owner/model', { ...options, env })
  for (const file of pulled.files) {
    expect(() => readlinkSync(path.join(pulled.path, file))).toThrow(/EINVAL/)
    expect(readFileSync(path.join(pulled.path, file)).equals(FILES[file]!)).toBe(true)
  }
  expect(await pullModel('owner/model', { ...options, env })).toMatchObject({ downloaded: 0 })
})

it.each([
  ['owner/model', { parallel: 0 }, /parallel is 0; it must be 1 or more/],
  ['owner/model', { retries: -1 }, /retries is -1; it must be 0 or more/],
  ['owner/model', { endpoint: 'ftp://x' }, /the hub endpoint \(HF_ENDPOINT\) must be an address/],
  ['owner/model', { endpoint: 'http://user:word@x' }, /without a password in it/],
  ['owner/model', { token: 'two\nlines' }, /the option token holds no access token/],
  ['model', {}, /'model' names no model: write owner\/name/],
])('rejects %j with %j', async (spec, more, message) => {
  const error = await failure(spec, more)
  expect(error).toBeInstanceOf(ArgumentError)
  expect(error.message).toMatch(message)
  expect(error.message).not.toMatch(/lines|word@/)
})

it('never writes where a listing points outside', async () => {
  const oid = '1'.repeat(40)
  const bad = [
    '../evil.json',
    '/etc/evil.json',
    'tokenizer/../../evil.json',
    'tokenizer\\evil.json',
    'C:evil.json',
    'tokenizer/NUL.json',
    'a/./b.json',
  ]
  hub.repos['owner/model'] = { commit: COMMIT, files: FILES, extra: bad.map((file) => ({ type: 'file', path: file, size: 3, oid })) }
  const pulled = await pullModel('owner/model', options)
  expect(pulled.files.join()).not.toMatch(/evil|NUL/)
  expect(readdirSync(cache).sort()).toEqual(['.locks', 'CACHEDIR.TAG', 'models--owner--model'])
  hub.repos['owner/evil'] = { commit: NEXT, files: {}, extra: [{ type: 'file', path: 'model_index.json', size: 3, oid: '../../../evil' }] }
  expect((await failure('owner/evil')).message).toMatch(/gives model_index\.json the object id \.\.\/\.\.\/\.\.\/evil/)
})

it('looks for room before it downloads', async () => {
  const huge = {
    type: 'file',
    path: 'lora/adapter.safetensors',
    size: 2 ** 52,
    oid: '1'.repeat(40),
    lfs: { oid: '2'.repeat(64), size: 2 ** 52 },
  }
  hub.repos['owner/model'] = { commit: COMMIT, files: FILES, extra: [huge] }
  const error = await failure('owner/model/lora')
  expect(error).toBeInstanceOf(CheckpointError)
  expect(error.message).toMatch(
    /^4503599\.63 GB are still to be downloaded and .* has room for [\d.]+ [kMG]B: make room, or set HF_HUB_CACHE/,
  )
  expect(asked().filter((file) => !file.startsWith('/api'))).toEqual([])
})
