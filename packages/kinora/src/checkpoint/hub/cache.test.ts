// What is told of the cache, and what may be taken out of it.

import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { content, etag, modelFiles } from '../../../test/support/hub-files.ts'
import { type FakeHub, startHub } from '../../../test/support/hub-server.ts'
import { CheckpointError } from '../../errors.ts'
import { cachedModels, modelStatus, pullModel, removeModel } from './hub.node.ts'
import type { PullOptions } from './hub.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-cache-'))
const [OLD, NEW] = ['d'.repeat(40), 'e'.repeat(40)]
const FILES = modelFiles(50_000)
const MCM = Object.fromEntries(
  ['anime', 'laion'].flatMap((look) => [
    [`modelscopet2v-${look}/adapter_config.json`, Buffer.from(`{"look": "${look}"}`)],
    [`modelscopet2v-${look}/adapter_model.safetensors`, content(look, 20_000)],
  ]),
)

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
  hub.fault = () => undefined
  hub.repos = { 'owner/model': { commit: OLD, refs: ['v1'], files: FILES }, 'yhzhai/mcm': { commit: OLD, files: MCM } }
  cache = mkdtempSync(path.join(TEMP, 'cache-'))
  options = { cache, endpoint: hub.endpoint, env: {}, retryDelayMs: 5, retries: 0 }
})

const folder = (name = 'owner--model') => path.join(cache, `models--${name}`)
const removal = (spec: string) =>
  removeModel(spec, options).then(
    () => new Error('it worked'),
    (error: unknown) => error as Error,
  )

/** Two revisions that differ in one config and share everything else. */
async function pullTwo(): Promise<number> {
  const { bytes } = await pullModel('owner/model@v1', options)
  hub.repos['owner/model'] = { commit: NEW, files: { ...FILES, 'unet/config.json': Buffer.from('{"is": "newer"}') } }
  await pullModel('owner/model', options)
  return bytes
}

it('tells of models with their revisions, sizes and presets', async () => {
  const bytes = await pullTwo()
  await pullModel('mcm-anime', options)
  mkdirSync(path.join(folder('meta--chat'), 'snapshots', OLD), { recursive: true })
  writeFileSync(path.join(folder('meta--chat'), 'snapshots', OLD, 'config.json'), '{}')
  const models = await cachedModels(options)
  expect(models.map(({ repo }) => repo)).toEqual(['owner/model', 'yhzhai/mcm'])
  expect(models[0]).toMatchObject({
    folder: folder(),
    bytes: bytes + 15,
    unfinished: 0,
    presets: [],
    revisions: [
      { commit: OLD, refs: ['v1'], files: 10, bytes },
      { commit: NEW, refs: ['main'], files: 10 },
    ],
  })
  expect(Date.now() - models[0]!.lastUsed.getTime()).toBeLessThan(60_000)
  expect(models[1]!.presets).toContain('mcm-anime')
  expect((await cachedModels({ ...options, all: true })).map(({ repo }) => repo)).toContain('meta/chat')
  expect(await cachedModels({ cache: path.join(cache, 'none') })).toEqual([])
})

it('counts what is unfinished', async () => {
  hub.fault = (hit) => (hit.server === 'cdn' && hit.path.startsWith('unet/') ? { cutAt: 40_000 } : undefined)
  await expect(pullModel('owner/model', options)).rejects.toThrow(/could not be downloaded/)
  const [model] = await cachedModels(options)
  expect(model!.unfinished).toBeGreaterThan(0)
  expect(await modelStatus('owner/model', { ...options, offline: true })).toMatchObject({ state: 'partial' })
  expect((await removeModel('owner/model', options)).bytes).toBe(model!.bytes)
  expect(readdirSync(cache)).toEqual(['.locks', 'CACHEDIR.TAG'])
})

it('removes one revision and what only it needs', async () => {
  const bytes = await pullTwo()
  const removed = await removeModel('owner/model@v1', options)
  expect(removed).toEqual({ repo: 'owner/model', commits: [OLD], files: 10, bytes: FILES['unet/config.json']!.length })
  expect(readdirSync(path.join(folder(), 'snapshots'))).toEqual([NEW])
  expect(readdirSync(path.join(folder(), 'refs'))).toEqual(['main'])
  expect(await modelStatus('owner/model', { ...options, offline: true })).toMatchObject({ state: 'complete', commit: NEW })
  expect((await removal('owner/model@v1')).message).toMatch(/^owner\/model@v1 is not in the cache .*, so there is nothing to remove$/)
  expect((await removeModel('owner/model', options)).bytes).toBe(bytes - FILES['unet/config.json']!.length + 15)
  expect(existsSync(folder())).toBe(false)
  expect(await removal('owner/model')).toBeInstanceOf(CheckpointError)
})

it('removes one adapter of several', async () => {
  await pullModel('mcm-anime', options)
  await pullModel('mcm-laion', options)
  const removed = await removeModel('mcm-anime', options)
  expect(removed).toMatchObject({ files: 2, bytes: 20_000 + '{"look": "anime"}'.length })
  expect(readdirSync(path.join(folder('yhzhai--mcm'), 'snapshots', OLD))).toEqual(['modelscopet2v-laion'])
  expect(await modelStatus('mcm-laion', { ...options, offline: true })).toMatchObject({ state: 'complete' })
  expect(await modelStatus('mcm-anime', { ...options, offline: true })).toMatchObject({ state: 'absent', here: 0 })
  await removeModel('mcm-laion', options)
  expect(existsSync(folder('yhzhai--mcm'))).toBe(false)
})

it('does not remove what is being downloaded', async () => {
  const controller = new AbortController()
  hub.fault = (hit) => (hit.server === 'cdn' ? { stallAt: 1000 } : undefined)
  const pulling = pullModel('owner/model', { ...options, signal: controller.signal })
  const stopped = expect(pulling).rejects.toThrow('stop')
  while (!existsSync(path.join(folder(), 'blobs', `${etag('x.bin', FILES['text_encoder/model.safetensors']!)}.incomplete`)))
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await removal('owner/model')).message).toBe('owner/model is being downloaded: stop that first, or wait until it is done')
  controller.abort(new Error('stop'))
  await stopped
  await removeModel('owner/model', options)
  mkdirSync(path.join(folder(), 'blobs'), { recursive: true })
  writeFileSync(path.join(folder(), 'blobs', `${'0'.repeat(64)}.0a1b2c3d.incomplete`), 'x')
  expect((await removal('owner/model')).message).toMatch(/is being downloaded/)
})

it('counts as freed what has no other name', async () => {
  await pullModel('owner/model', options)
  const vae = path.join(folder(), 'blobs', etag('x.bin', FILES['vae/diffusion_pytorch_model.safetensors']!))
  linkSync(vae, path.join(cache, 'elsewhere'))
  const { bytes } = (await cachedModels(options))[0]!
  expect((await removeModel('owner/model', options)).bytes).toBe(bytes - 70_000)
})

it('reads blobs that huggingface_hub keeps in a store for all repositories, and leaves the store alone', async () => {
  const pulled = await pullModel('owner/model', options)
  const name = etag('x.bin', FILES['vae/diffusion_pytorch_model.safetensors']!)
  const store = path.join(cache, 'blobs/12')
  mkdirSync(store, { recursive: true })
  const payload = path.join(store, '12'.repeat(32))
  writeFileSync(payload, FILES['vae/diffusion_pytorch_model.safetensors']!)
  rmSync(path.join(folder(), 'blobs', name))
  symlinkSync(path.relative(path.join(folder(), 'blobs'), payload), path.join(folder(), 'blobs', name))
  expect(await pullModel('owner/model', options)).toMatchObject({ path: pulled.path, downloaded: 0 })
  const { bytes } = (await cachedModels(options))[0]!
  expect((await removeModel('owner/model', options)).bytes).toBe(bytes - 70_000)
  expect(statSync(payload).size).toBe(70_000)
})
