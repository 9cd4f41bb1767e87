// The environment variables of Python's huggingface_hub, and where they lead.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { assertRoom, explainDiskError, placeBlob, showBytes } from './disk.node.ts'
import { cacheFolder, hubSettings } from './settings.node.ts'

const HOME = mkdtempSync(path.join(tmpdir(), 'kinora-home-'))
afterAll(() => rmSync(HOME, { recursive: true, force: true }))
mkdirSync(path.join(HOME, '.cache/huggingface'), { recursive: true })
writeFileSync(path.join(HOME, '.cache/huggingface/token'), 'hf_kept\n')
writeFileSync(path.join(HOME, 'mine'), ' hf_mine ')

it.each([
  [{}, '.cache/huggingface/hub'],
  [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
  [{ HF_HOME: '/h', XDG_CACHE_HOME: '/x' }, '/h/hub'],
  [{ HF_HOME: '~/h' }, 'h/hub'],
  [{ HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/h' }, '/old'],
  [{ HF_HUB_CACHE: '/new', HUGGINGFACE_HUB_CACHE: '/old' }, '/new'],
  [{ HF_HUB_CACHE: ['$DISK', '$' + '{SUB}', '$NONE'].join('/'), DISK: '/disk', SUB: 'hub' }, '/disk/hub/$NONE'],
])('finds the cache with %j', (env, folder) => {
  expect(cacheFolder({ env: { HOME, ...env } })).toBe(path.resolve(HOME, folder))
  expect(cacheFolder({ cache: '/asked', env: { HOME, ...env } })).toBe(path.resolve('/asked'))
})

it.each([
  [{}, 'hf_kept'],
  [{ HF_TOKEN: 'hf_set' }, 'hf_set'],
  [{ HF_TOKEN: '  ' }, 'hf_kept'],
  [{ HF_TOKEN_PATH: '~/mine' }, 'hf_mine'],
  [{ HF_HOME: '/none' }, undefined],
  [{ HF_TOKEN: 'hf_set', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' }, undefined],
])('finds the token with %j', async (env, token) => {
  expect((await hubSettings({ env: { HOME, ...env } })).token).toBe(token)
  expect((await hubSettings({ token: 'hf_asked', env: { HOME, ...env } })).token).toBe('hf_asked')
})

it('reads the rest', async () => {
  const env = { HOME, HF_ENDPOINT: 'https://mirror.example/hub/', HF_HUB_OFFLINE: 'yes', HF_HUB_DOWNLOAD_TIMEOUT: '30' }
  expect(await hubSettings({ env })).toMatchObject({ endpoint: 'https://mirror.example/hub', offline: true, timeoutMs: 30_000 })
  expect(await hubSettings({ env: { HOME } })).toMatchObject({
    endpoint: 'https://huggingface.co',
    offline: false,
    timeoutMs: 20_000,
    symlinks: true,
  })
  expect(await hubSettings({ env, offline: false, endpoint: 'http://127.0.0.1:8080' })).toMatchObject({
    offline: false,
    endpoint: 'http://127.0.0.1:8080',
  })
})

it('explains the disk', async () => {
  await assertRoom(path.join(HOME, 'not/there'), 0)
  await expect(assertRoom(path.join(HOME, 'not/there'), 1e18)).rejects.toThrow(
    /1000000000\.00 GB are still to be downloaded and .* has room for/,
  )
  const failed = (code: string) => explainDiskError(Object.assign(new Error(code), { code }), '/cache/blobs/x') as Error
  expect(failed('ENOSPC').message).toMatch(/^the disk of \/cache\/blobs is full: make room and run it again/)
  expect(failed('EROFS').message).toMatch(/^\/cache\/blobs cannot be written: set HF_HUB_CACHE/)
  expect(failed('EIO').message).toBe('EIO')
  expect([500, 384e6, 2.82e9].map(showBytes)).toEqual(['1 kB', '384.0 MB', '2.82 GB'])
})

it('tries the next way where a file cannot be linked', async () => {
  const blob = path.join(HOME, 'blob')
  writeFileSync(blob, 'x')
  const pointer = path.join(HOME, 'a/b/pointer')
  await placeBlob(blob, pointer, { symlinks: true, mayMove: false })
  await placeBlob(blob, pointer, { symlinks: false, mayMove: false })
  await expect(placeBlob(path.join(HOME, 'gone'), path.join(HOME, 'a/other'), { symlinks: false, mayMove: true })).rejects.toThrow(/ENOENT/)
})
