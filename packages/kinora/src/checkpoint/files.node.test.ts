// What may be read through a checkpoint's folder and what may not.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { openFolder } from './files.node.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-files-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

function write(name: string, text: string): string {
  const file = path.join(TEMP, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const SECRET = write('secret.txt', 'secret')
write('plain/unet/config.json', '{}')
write('plain/big.json', '')
truncateSync(path.join(TEMP, 'plain/big.json'), 65 * 1024 * 1024)
symlinkSync(SECRET, path.join(TEMP, 'plain/link.json'))
symlinkSync('unet/config.json', path.join(TEMP, 'plain/inner.json'))
symlinkSync('gone.json', path.join(TEMP, 'plain/broken.json'))
write('cache/models--a--b/blobs/123', '{"a": 1}')
write('cache/models--c--d/blobs/456', '{}')
write('cache/models--a--b/snapshots/rev/README.md', '')
symlinkSync('../../blobs/123', path.join(TEMP, 'cache/models--a--b/snapshots/rev/config.json'))
write('cache/models--a--b/snapshots/rev/part/README.md', '')
symlinkSync('../../../blobs/123', path.join(TEMP, 'cache/models--a--b/snapshots/rev/part/config.json'))
write('cache/blobs/78/789', '{"b": 2}')
symlinkSync('../../../blobs/78/789', path.join(TEMP, 'cache/models--a--b/snapshots/rev/shared.json'))
symlinkSync('../../../models--c--d/blobs/456', path.join(TEMP, 'cache/models--a--b/snapshots/rev/other.json'))
symlinkSync(path.join(TEMP, 'plain'), path.join(TEMP, 'by-link'))

it('reads inside its folder, also by a link to the folder or within it', async () => {
  for (const folder of ['plain', 'by-link']) {
    const files = await openFolder(path.join(TEMP, folder))
    expect(await files.list('')).toEqual(['big.json', 'broken.json', 'inner.json', 'link.json', 'unet'])
    expect(await files.list('nothing/there')).toEqual([])
    expect(await files.list('unet/config.json')).toEqual([])
    expect(await files.readText('inner.json')).toBe('{}')
    expect(await files.exists('unet/config.json')).toBe(true)
    expect(await files.exists('unet')).toBe(false)
    expect(await files.exists('broken.json')).toBe(false)
    expect(await files.exists('unet/config.json/x')).toBe(false)
    expect(await files.read('unet/config.json', 1, 1)).toEqual(new Uint8Array(['}'.charCodeAt(0)]))
    expect(await files.absolute('inner.json')).toMatch(/plain.unet.config\.json$/)
  }
})

it('follows links of a hub cache into the blobs of the same repository only', async () => {
  const part = await openFolder(path.join(TEMP, 'cache/models--a--b/snapshots/rev/part'))
  expect(await part.readText('config.json')).toBe('{"a": 1}')
  const files = await openFolder(path.join(TEMP, 'cache/models--a--b/snapshots/rev'))
  expect(await files.readText('config.json')).toBe('{"a": 1}')
  expect(await files.absolute('config.json')).toMatch(/blobs.123$/)
  expect(await files.readText('shared.json')).toBe('{"b": 2}')
  await expect(files.readText('other.json')).rejects.toThrow(/other\.json is a link to .*456, outside the checkpoint's folder/)
})

it.each([
  ['../secret.txt', /\.\.\/secret\.txt is outside the checkpoint's folder/],
  ['unet/../../secret.txt', /is outside the checkpoint's folder/],
  [SECRET, /is outside the checkpoint's folder/],
  ['link.json', /link\.json is a link to .*secret\.txt, outside the checkpoint's folder: put the file itself there/],
  ['gone.json', /plain\/gone\.json is missing/],
  ['unet', /plain\/unet is not a file/],
  ['big.json', /big\.json has 68157440 bytes, the limit is 67108864/],
  ['a\0b', /cannot be read/],
])('does not read %j', async (name, message) => {
  const files = await openFolder(path.join(TEMP, 'plain'))
  const error: unknown = await files.readText(name).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CheckpointError)
  expect((error as Error).message).toMatch(message)
})

it('does not read past the end', async () => {
  const files = await openFolder(path.join(TEMP, 'plain'))
  await expect(files.read('unet/config.json', 1, 2 ** 40)).rejects.toThrow(/unet\/config\.json ends at byte 2, before byte 1099511627777/)
})
