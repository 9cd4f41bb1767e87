// The committed lock file must be one that `npm ci` accepts, wherever it was written.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missingPlatforms, platformOf } from './complete-lockfile.ts'

test('platforms are read from names', () => {
  expect(platformOf('@biomejs/cli-linux-arm64-musl')).toEqual({ os: ['linux'], cpu: ['arm64'], libc: ['musl'] })
  expect(platformOf('@oxlint/binding-linux-arm-musleabihf')).toEqual({ os: ['linux'], cpu: ['arm'], libc: ['musl'] })
  expect(platformOf('@bufbuild/buf-linux-armv7')).toEqual({ os: ['linux'], cpu: ['arm'] })
  expect(platformOf('@oxc-parser/binding-win32-x64-msvc')).toEqual({ os: ['win32'], cpu: ['x64'] })
  expect(platformOf('left-pad')).toBeUndefined()
})

test('only absent optional packages are added, with the flags of their parent', () => {
  const packages = {
    '': { dev: false },
    'node_modules/tool': {
      dev: true,
      optionalDependencies: { 'tool-linux-x64': '1.2.3', 'tool-darwin-x64': '1.2.3', 'tool-win32-x64': '1.2.3' },
    },
    'node_modules/tool-linux-x64': {},
    'node_modules/tool/node_modules/tool-win32-x64': {},
  }
  const entry = { version: '1.2.3', os: ['darwin'], cpu: ['x64'], dev: true, optional: true }
  expect(missingPlatforms(packages)).toEqual({ 'node_modules/tool-darwin-x64': entry })
  expect(() => missingPlatforms({ '': { optionalDependencies: { helper: '^1.0.0' } } })).toThrow('helper@^1.0.0')
})

test('package-lock.json lacks none: run `npm run lockfile` after changing dependencies', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
  expect(Object.keys(missingPlatforms(packages))).toEqual([])
})
