// Every file that names an image names it by the version of the packages, and a new version reaches all of them.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restamp, stampedFiles, stampsIn } from './restamp.ts'
import { ROOT, readManifest } from './workspaces.ts'

const { version: VERSION } = readManifest(join(ROOT, 'apps/cli'))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

test('all of deploy and its pages is of this version', () => {
  for (const path of stampedFiles()) expect([...new Set(stampsIn(read(path)))], path).toEqual([VERSION])
})

test('no other file of deploy or the documentation has such a version', () => {
  const skipped = /(^|[\\/])(node_modules|reference|cache|dist|out)$/
  const files = globSync(['*.md', '{deploy,docs}/**/*.{md,ts,sh,yaml}'], { cwd: ROOT, exclude: (path) => skipped.test(path) })
  expect(files.length).toBeGreaterThan(60)
  const stamped = files.map((path) => path.replaceAll('\\', '/')).filter((path) => stampsIn(read(path)).length > 0)
  expect(stamped.filter((path) => !stampedFiles().includes(path))).toEqual([])
})

test('a new version takes the place of the old one, and of nothing else', () => {
  const text = 'ARG VERSION=0.1.0\nRUN x # VERSION=0.1.0\nkinora:0.1.0 kinora:0.1.0-cuda node:24.0.0 kinora:latest other/kinora:0.1.0\n'
  const bumped = restamp(text, '1.0.0-beta.2')
  expect(bumped).toBe(
    'ARG VERSION=1.0.0-beta.2\nRUN x # VERSION=0.1.0\nkinora:1.0.0-beta.2 kinora:1.0.0-beta.2-cuda node:24.0.0 kinora:latest other/kinora:1.0.0-beta.2\n',
  )
  expect(restamp(bumped, '0.1.0')).toBe(text)
})
