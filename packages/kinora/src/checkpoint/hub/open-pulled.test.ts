// A pulled model is read like one in a folder of its own: through the cache's links, from a repository's root and from a folder in it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startHub } from '../../../test/support/hub-server.ts'
import { openLora } from '../lora/open.ts'
import { openCheckpoint } from '../open.ts'
import { pullModel } from './hub.node.ts'

const CHECKPOINTS = path.resolve(import.meta.dirname, '../../../test/fixtures/checkpoints')
const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-open-'))
const COMMIT = 'a'.repeat(40)
const filesOf = (folder: string, prefix = ''): Record<string, Buffer> => {
  const names = readdirSync(path.join(CHECKPOINTS, folder), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => statSync(path.join(CHECKPOINTS, folder, name)).isFile())
  return Object.fromEntries(files.map((name) => [prefix + name.replaceAll('\\', '/'), readFileSync(path.join(CHECKPOINTS, folder, name))]))
}

const hub = await startHub({
  'owner/half': { commit: COMMIT, files: filesOf('ms-fp16') },
  'owner/pickles': { commit: COMMIT, files: filesOf('ms-bin', 'steps-100/') },
  'owner/loras': { commit: COMMIT, files: filesOf('ms-lora') },
})
const options = { cache: TEMP, endpoint: hub.endpoint, env: {} }
afterAll(async () => {
  await hub.close()
  rmSync(TEMP, { recursive: true, force: true })
})

it.each([
  ['owner/half', 'ms-fp16'],
  ['owner/pickles/steps-100', 'ms-bin'],
])('opens %s', async (spec, folder) => {
  const pulled = await pullModel(spec, options)
  const opened = await openCheckpoint(pulled.path, pulled.variant === undefined ? {} : { variant: pulled.variant })
  const original = await openCheckpoint(path.join(CHECKPOINTS, folder))
  expect(opened.configs).toEqual(original.configs)
  expect(opened.weights('unet').size()).toEqual(original.weights('unet').size())
})

it.each([
  ['owner/loras/peft', 'peft'],
  ['owner/loras/kohya/adapter.safetensors', 'kohya'],
  ['owner/loras/diffusers', 'diffusers'],
])('opens the adapter %s', async (spec, format) => {
  const { path: place } = await pullModel(spec, options)
  expect((await openLora(place)).format).toBe(format)
})
