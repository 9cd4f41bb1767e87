// Where Kinora's own cache lies, and what it counts in it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cacheReport, kinoraFolder } from './kinora-folder.node.ts'

test.each([
  [{ KINORA_CACHE: '/data/cache' }, '/data/cache/int8'],
  [{ KINORA_CACHE: '$ROOT/cache', ROOT: '/data' }, '/data/cache/int8'],
  [{ XDG_CACHE_HOME: '/data' }, '/data/kinora/int8'],
  [{ HOME: homedir() }, path.join(homedir(), '.cache/kinora/int8')],
])('%j -> %s', (env, folder) => {
  expect(kinoraFolder('int8', env)).toBe(folder)
})

test('counts files of both kinds, at any depth, and nothing where there is no folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-folder-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { KINORA_CACHE: folder }
  expect(await cacheReport(env)).toEqual({ folder, int8: 0, compiled: 0 })
  mkdirSync(path.join(folder, 'int8'))
  mkdirSync(path.join(folder, 'compiled', 'model'), { recursive: true })
  writeFileSync(path.join(folder, 'int8', 'a.safetensors'), new Uint8Array(10))
  writeFileSync(path.join(folder, 'compiled', 'model', 'weights.bin'), new Uint8Array(20))
  writeFileSync(path.join(folder, 'compiled', 'model', 'model.onnx'), new Uint8Array(3))
  expect(await cacheReport(env)).toEqual({ folder, int8: 10, compiled: 23 })
})
