// Repositories of the Hugging Face cache: links into blobs, opened as a whole.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { openCheckpoint } from './open.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-cache-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

const MS = fixture('checkpoints/ms')
const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)]

let repository = ''
let count = 0
beforeEach(() => {
  repository = path.join(TEMP, `models--a--${count++}`)
})

/** The reference's checkpoint as a snapshot of the repository. */
function addSnapshot(commit: string): void {
  for (const name of readdirSync(MS, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(path.join(MS, name)).isFile()) continue
    const link = path.join(repository, 'snapshots', commit, name)
    const blob = path.join(repository, 'blobs', `${commit}-${name.replaceAll('/', '-')}`)
    for (const file of [link, blob]) mkdirSync(path.dirname(file), { recursive: true })
    cpSync(path.join(MS, name), blob)
    symlinkSync(path.relative(path.dirname(link), blob), link)
  }
}

function writeMain(text: string): void {
  mkdirSync(path.join(repository, 'refs'))
  writeFileSync(path.join(repository, 'refs/main'), text)
}

it('opens the snapshot that refs/main names', async () => {
  addSnapshot(OLD)
  addSnapshot(NEW)
  writeMain(`${NEW}\n`)
  expect((await openCheckpoint(repository)).source).toBe(path.join(repository, 'snapshots', NEW))
  expect((await openCheckpoint(path.join(repository, 'snapshots', OLD))).source).toContain(OLD)
})

it('opens the only snapshot where nothing is named', async () => {
  addSnapshot(OLD)
  expect((await openCheckpoint(repository)).weights('unet').has('conv_in.weight')).toBe(true)
})

it.each([
  ['../../x', 'whose refs/main names ../../x, of which there is no snapshot'],
  ['.', 'whose refs/main names ., of which there is no snapshot'],
  ['', 'whose refs/main names , of which there is no snapshot'],
  [undefined, 'without refs/main'],
])('asks when refs/main is %j', async (main, why) => {
  addSnapshot(OLD)
  addSnapshot(NEW)
  if (main !== undefined) writeMain(main)
  await expect(openCheckpoint(repository)).rejects.toThrow(
    `${repository} is a repository in the Hugging Face cache ${why}: in ${repository}/snapshots there is ${OLD}, ${NEW}; ` +
      'name one of these folders, or download the model again',
  )
})
