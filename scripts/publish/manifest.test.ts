// The published package.json, from made-up ones and from those of the workspaces.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { publishedManifest, withVersion } from './manifest.ts'
import { orphans } from './prune.ts'
import { publishedWorkspaces, ROOT } from './workspaces.ts'

const REPOSITORY = /"url": "(git\+https:\/\/github\.com\/[^"]+\.git)"/.exec(
  readFileSync(join(ROOT, 'packages/kinora/package.json'), 'utf8'),
)?.[1]

test('sources, scripts and development dependencies stay here, aliases are put in', () => {
  const manifest = {
    name: 'a',
    version: '1.0.0',
    exports: { '.': { 'kinora-dev': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' }, './x': './x.json' },
    imports: { '#files': { 'kinora-dev': './src/files.ts', default: './dist/files.js' } },
    sideEffects: ['./dist/t.js', './src/t.ts'],
    scripts: { dev: 'vite' },
    devDependencies: { b: '1.0.0' },
    dependencies: { c: '1.0.0', d: '2.0.0' },
  }
  expect(publishedManifest(manifest, (name, range) => (name === 'c' ? `npm:e@${range}` : range))).toEqual({
    name: 'a',
    version: '1.0.0',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './x': './x.json' },
    imports: { '#files': { default: './dist/files.js' } },
    sideEffects: ['./dist/t.js'],
    dependencies: { c: 'npm:e@1.0.0', d: '2.0.0' },
  })
})

test('another version is asked for by the packages that go with it, and by nobody else', () => {
  const manifest = { name: 'a', version: '1.0.0', dependencies: { b: '1.0.0', c: '1.0.0' }, peerDependencies: { b: '1.0.0' } }
  expect(withVersion(manifest, '2.0.0', new Set(['a', 'b']))).toEqual({
    name: 'a',
    version: '2.0.0',
    dependencies: { b: '2.0.0', c: '1.0.0' },
    peerDependencies: { b: '2.0.0' },
  })
})

test('all packages have one version and ask for exactly that of each other', () => {
  const workspaces = publishedWorkspaces()
  const [version] = workspaces.map(({ manifest }) => manifest.version)
  const names = new Set(workspaces.map(({ name }) => name))
  for (const { manifest } of workspaces) {
    expect(manifest.version).toBe(version)
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(([name]) => names.has(name))
    for (const [name, range] of wanted) expect(`${name}@${range}`).toBe(`${name}@${version}`)
    for (const range of Object.values(manifest.dependencies ?? {})) expect(range).toMatch(/^\d+\.\d+\.\d+$/)
  }
})

test('what a package needs is published before it', () => {
  const order = publishedWorkspaces()
  for (const [i, { manifest }] of order.entries())
    for (const { name } of order.slice(i)) expect(manifest.dependencies ?? {}).not.toHaveProperty([name])
})

test.each(publishedWorkspaces())('$name says where it comes from, for npm and for its provenance', ({ folder, manifest }) => {
  expect(manifest).toMatchObject({
    license: 'Apache-2.0',
    author: 'The Kinora authors',
    type: 'module',
    engines: { node: '>=22.18' },
    repository: { type: 'git', url: REPOSITORY, directory: folder },
    publishConfig: { access: 'public', provenance: true },
  })
  expect(manifest.description).toMatch(/^[^.]{20,140}$/)
  expect(manifest.keywords).toContain(manifest.name === 'kinora' ? 'text-to-video' : 'kinora')
  for (const address of [manifest.homepage, manifest.bugs]) expect(address).toContain(String(REPOSITORY).replace(/^git\+|\.git$/g, ''))
})

test('a built file without a source is found, and one with it is left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kinora-orphans-'))
  for (const path of ['tsconfig.build.json', 'src/a.ts', 'dist/a.js', 'dist/a.d.ts', 'dist/gone.js', 'dist/old/b.d.ts']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
  expect(orphans(folder).toSorted()).toEqual(['dist/gone.js', 'dist/old/b.d.ts'])
  rmSync(folder, { recursive: true })
})
