// Without a hub: local folders, and what the cache can do alone. And the status of a model, with and without one.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { etag, modelFiles } from '../../../test/support/hub-files.ts'
import { type FakeHub, startHub } from '../../../test/support/hub-server.ts'
import { modelStatus, pullModel } from './hub.node.ts'
import type { PullOptions } from './hub.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-offline-'))
const COMMIT = 'a'.repeat(40)

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
const failure = (spec: string, more: PullOptions = {}) =>
  pullModel(spec, { ...options, ...more }).then(
    () => new Error('it worked'),
    (error: unknown) => error as Error,
  )

it('lets a local folder win, without asking anyone', async () => {
  const folder = path.join(TEMP, 'owner/model')
  mkdirSync(path.join(folder, 'lora'), { recursive: true })
  expect(await pullModel(folder, options)).toMatchObject({ local: true, path: folder, files: [], downloaded: 0 })
  expect(await pullModel(folder, { ...options, subfolder: 'lora' })).toMatchObject({ path: path.join(folder, 'lora') })
  expect(await modelStatus(folder, options)).toMatchObject({ state: 'local', path: folder })
  expect(hub.hits).toEqual([])
  expect((await failure('./not/there')).message).toMatch(
    /not[\\/]there does not exist: name a folder that holds model_index\.json, or a model/,
  )
})

it('uses the cache when the hub is not asked or does not answer', async () => {
  expect((await failure('owner/model', { offline: true })).message).toMatch(
    /^owner\/model is not in the cache .*, and the hub may not be asked: pull it once while online/,
  )
  const online = await pullModel('owner/model', options)
  hub.hits.length = 0
  expect(await pullModel('owner/model', { ...options, env: { HF_HUB_OFFLINE: '1' } })).toMatchObject({
    path: online.path,
    confirmed: false,
  })
  expect(await pullModel('owner/model', { ...options, offline: true, preferHalf: true })).toMatchObject({ files: online.files })
  expect(hub.hits).toEqual([])
  hub.fault = () => ({ status: 503 })
  const problem = expect.stringMatching(/could not be downloaded: 127\.0\.0\.1:\d+ answers 503; run it again later/)
  expect(await pullModel('owner/model', options)).toMatchObject({ path: online.path, confirmed: false, problem })
  expect(hub.hits.length).toBe(1)
  hub.fault = () => ({ status: 401, headers: { 'x-error-code': 'RepoNotFound' } })
  expect(await pullModel('owner/model', options)).toMatchObject({
    path: online.path,
    problem: expect.stringMatching(/knows no owner\/model/),
  })
  hub.fault = () => ({ status: 503 })
  rmSync(path.join(online.path, 'unet/config.json'))
  rmSync(path.join(repoFolder(), 'blobs', etag('unet/config.json', FILES['unet/config.json']!)))
  expect((await failure('owner/model', { offline: true })).message).toMatch(/not complete in .*: unet\/config\.json must be downloaded/)
  expect((await failure('owner/model')).message).toMatch(
    /^the list of files in owner\/model could not be downloaded: 127\.0\.0\.1:\d+ answers 503/,
  )
})

it('tells what is there and what is missing', async () => {
  expect(await modelStatus('owner/model', { ...options, offline: true })).toMatchObject({ state: 'absent', files: [], confirmed: false })
  const before = await modelStatus('owner/model', options)
  expect(before).toMatchObject({ state: 'absent', commit: COMMIT, here: 0, confirmed: true })
  await pullModel('owner/model', options)
  const after = await modelStatus('owner/model', { ...options, offline: true })
  expect(after).toMatchObject({ state: 'complete', commit: COMMIT, bytes: before.bytes, here: before.bytes })
  const half = await modelStatus('owner/model', { ...options, preferHalf: true })
  expect(half).toMatchObject({ state: 'partial', variant: 'fp16' })
  expect(half.files.find(({ path: file }) => file.startsWith('unet/diff'))).toEqual({
    path: 'unet/diffusion_pytorch_model.fp16.safetensors',
    size: 300_000,
    here: 0,
  })
  expect((await modelStatus('zeroscope-xl', { ...options, offline: true })).preset).toBe('zeroscope-v2-xl')
})
