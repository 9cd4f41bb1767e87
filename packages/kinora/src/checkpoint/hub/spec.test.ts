// How a model may be named, and which names and paths are turned away.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ArgumentError, CheckpointError } from '../../errors.ts'
import { isSafePath, keptList, parseKeptList, parseTreePage } from './repo-files.ts'
import { parseModelSpec, showSpec } from './spec.ts'

it.each([
  ['owner/name', 'owner/name', 'main', ''],
  ['owner/name@v1.0', 'owner/name', 'v1.0', ''],
  ['owner/name/zs2_576w', 'owner/name', 'main', 'zs2_576w'],
  ['owner/name@v1/a/b', 'owner/name', 'v1', 'a/b'],
  ['owner/name@refs/pr/34', 'owner/name', 'refs/pr/34', ''],
  ['owner/name@refs/pr/34/zs2_XL', 'owner/name', 'refs/pr/34', 'zs2_XL'],
  ['owner/name/a/b@feature/x', 'owner/name', 'feature/x', 'a/b'],
  ['zeroscope-xl', 'cerspense/zeroscope_v2_XL', 'main', ''],
  ['Zeroscope_XL@refs/pr/34', 'cerspense/zeroscope_v2_XL', 'refs/pr/34', ''],
  ['mcm-anime', 'yhzhai/mcm', 'main', 'modelscopet2v-anime'],
])('reads %s', (spec, repo, revision, subfolder) => {
  expect(parseModelSpec(spec)).toEqual({ repo, revision, subfolder })
  expect(parseModelSpec(showSpec({ repo, revision, subfolder }))).toEqual({ repo, revision, subfolder })
})

it('takes revision and subfolder as options too', () => {
  const options = { revision: 'feature/x', subfolder: 'a' }
  expect(parseModelSpec('owner/name', options)).toEqual({ repo: 'owner/name', ...options })
  expect(parseModelSpec('owner/name/a', { subfolder: 'a' }).subfolder).toBe('a')
  expect(() => parseModelSpec('owner/name@v1', { revision: 'v2' })).toThrow("has the revision 'v1', and the option revision says 'v2'")
})

it.each([
  '',
  'name',
  '/name',
  'owner/',
  'owner//name',
  'a--b/c',
  'a/b..c',
  'a/b.git',
  '-a/b',
  'a/b c',
  'https://huggingface.co/a/b',
  `a/${'x'.repeat(97)}`,
])('turns %j away', (spec) => {
  expect(() => parseModelSpec(spec)).toThrow(ArgumentError)
  expect(() => parseModelSpec(spec)).toThrow(/names no model: write owner\/name/)
})

it.each(['a/b@', 'a/b@../x', 'a/b/../c', 'a/b@v1/../../x', 'a/b/c\\d', 'a/b/NUL'])('turns the path in %j away', (spec) => {
  expect(() => parseModelSpec(spec)).toThrow(ArgumentError)
})

it.each([
  ['a', true],
  ['a/b.c/d-e_f', true],
  ['.gitattributes', true],
  ['console/com10', true],
  ['ünet/模型.json', true],
  ['', false],
  ['/a', false],
  ['a/', false],
  ['a//b', false],
  ['..', false],
  ['a/../b', false],
  ['a/./b', false],
  ['a\\b', false],
  ['C:/a', false],
  ['a:b', false],
  ['a/con', false],
  ['a/NUL.json', false],
  ['lpt1.txt', false],
  ['COM¹', false],
  ['a./b', false],
  ['a /b', false],
  ['a\u0000b', false],
  ['a\nb', false],
  ['x'.repeat(256), false],
  [Array.from({ length: 300 }, () => 'abcd').join('/'), false],
])('knows whether %j stays inside its folder', (path, safe) => {
  expect(isSafePath(path)).toBe(safe)
})

it('never lets a path leave its folder', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a./\\: ]{0,12}$/), (path) => {
      if (!isSafePath(path)) return
      expect(new URL(path, 'http://host/in/side/').pathname.startsWith('/in/side/')).toBe(true)
      expect(path).not.toMatch(/\\|:|\.$|\.\.\/|^\//)
    }),
    { numRuns: 2000 },
  )
})

const OID = '0123456789abcdef0123456789abcdef01234567'
const SHA = '0123456789abcdef'.repeat(4)

it('reads a page of a listing and keeps it as huggingface_hub does', () => {
  const files = parseTreePage(
    [
      { type: 'directory', path: 'unet', oid: OID, size: 0 },
      { type: 'file', path: 'unet/config.json', oid: OID, size: 787 },
      { type: 'file', path: 'unet/a.bin', oid: OID, size: 134, lfs: { oid: SHA, size: 5, pointerSize: 134 }, xetHash: 'ignored' },
      { type: 'file', path: '../evil', oid: OID, size: 1 },
      'text',
    ],
    'the hub',
  )
  expect(files).toEqual([
    { path: 'unet/config.json', size: 787, oid: OID },
    { path: 'unet/a.bin', size: 5, oid: OID, sha256: SHA },
  ])
  const kept = keptList(files)
  expect(kept).toMatchObject({ format_version: 1, files: { 'unet/a.bin': { size: 5, blob_id: OID, lfs_sha256: SHA, lfs_size: 5 } } })
  expect(parseKeptList(kept, 'a file')).toEqual(files)
  expect(parseKeptList({ ...kept, format_version: 2 }, 'a file')).toBeUndefined()
  expect(parseKeptList({ format_version: 1, files: { a: { size: -1, blob_id: OID } } }, 'a file')).toBeUndefined()
})

it.each([
  [{}, /the hub did not answer with a list of files/],
  [[{ type: 'file', path: 'a', oid: 'x', size: 1 }], /the hub gives a the object id x/],
  [[{ type: 'file', path: 'a', oid: OID, size: 1.5 }], /the hub gives a the size 1\.5/],
  [[{ type: 'file', path: 'a', oid: OID, size: 1, lfs: { oid: '../x', size: 1 } }], /the hub gives a the sha256 \.\.\/x/],
])('rejects the page %j', (page, message) => {
  expect(() => parseTreePage(page, 'the hub')).toThrow(CheckpointError)
  expect(() => parseTreePage(page, 'the hub')).toThrow(message)
})
