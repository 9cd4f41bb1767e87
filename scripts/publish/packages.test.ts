// Each package as it would be published: what is in it, what it says of itself, and whether consumers' tools understand it.

import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, Package } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, test } from 'vitest'
import { stagedForTests } from './staged.ts'
import { publishedWorkspaces, ROOT, readManifest } from './workspaces.ts'

const COMPILED = /^dist\/(?!.*(?:\.test\.|\/test\/|\/fixtures\/)).*\.(?:js|d\.ts)$/
const ALWAYS = /^(?:package\.json|README\.md|LICENSE|NOTICE)$/

/** What may be inside beside the above, and how large the whole may be unpacked. */
const CONTENT: Readonly<Record<string, { files: RegExp; megabytes: number }>> = {
  kinora: { files: new RegExp(`${COMPILED.source}|^data/clip-merges\\.txt\\.gz$`), megabytes: 2 },
  '@kinora/cli': { files: COMPILED, megabytes: 0.3 },
  '@kinora/server': { files: new RegExp(`${COMPILED.source}|^migrations/(?:\\d{4}_\\w+\\.sql|meta/\\w+\\.json)$`), megabytes: 1.2 },
  '@kinora/web': {
    files:
      /^dist\/(?:index\.html|icon\.svg|licences\.md|examples\/[\w-]+\.(?:webp|mp4|json)|assets\/[\w-]+\.(?:js|css|woff2|svg|webp|json)(?:\.br|\.gz)?)$/,
    megabytes: 4,
  },
  '@kinora/demo-model': {
    files: /^(?:index\.(?:js|d\.ts)|(?:examples|defaults)\.json|checkpoint\/(?:\w+\/)?[\w.]+\.(?:json|txt|safetensors))$/,
    megabytes: 12,
  },
  '@kinora/ai-sdk': { files: COMPILED, megabytes: 0.2 },
}

/** A program and static files: nobody imports them. */
const WITHOUT_TYPES = ['@kinora/cli', '@kinora/web']
/** The packages are for ESM only. */
const FOR_OTHERS: ReadonlySet<string> = new Set(['node10', 'node16-cjs'])

const staged = await stagedForTests()
const workspaces = publishedWorkspaces()
const ours = workspaces.map(({ name }) => name)

test('every published workspace has its content described here', () => {
  expect(Object.keys(CONTENT).toSorted()).toEqual(ours.toSorted())
})

describe.skipIf(!staged).each(ours)('%s', (name) => {
  const folder = staged?.find((each) => each.name === name)?.folder ?? ''
  const files = existsSync(folder) ? globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile()) : []
  const paths = files.map(({ parentPath, name: file }) => join(parentPath, file).slice(folder.length + 1))
  const { files: allowed, megabytes } = CONTENT[name] ?? { files: /^$/, megabytes: 0 }

  test('holds what it needs and nothing else', () => {
    expect(paths.filter((path) => !ALWAYS.test(path) && !allowed.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'NOTICE']))
    expect(paths.some((path) => allowed.test(path))).toBe(true)
    const bytes = files.reduce((sum, { parentPath, name: file }) => sum + statSync(join(parentPath, file)).size, 0)
    expect(bytes / 1e6).toBeLessThan(megabytes)
  })

  test('carries the licence and the notices of the repository', () => {
    for (const file of ['LICENSE', 'NOTICE'])
      expect(readFileSync(join(folder, file), 'utf8'), `copy ${file} from the root into the package`).toBe(
        readFileSync(join(ROOT, file), 'utf8'),
      )
  })

  test('says nothing that only this repository understands', () => {
    const manifest = readManifest(folder)
    expect(JSON.stringify(manifest)).not.toMatch(/kinora-dev|\.\/src\//)
    expect(manifest).not.toHaveProperty('scripts')
    expect(manifest).not.toHaveProperty('devDependencies')
  })

  test('publint has nothing to say', async () => {
    const { messages } = await publint({ pkgDir: folder, strict: true, pack: false })
    const manifest = readManifest(folder)
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  })

  test('its types resolve for ESM, in Node and in bundlers', async () => {
    const inModules = paths.filter((path) => /\.(?:js|json|d\.ts)$/.test(path))
    const contents = inModules.map((path) => [`/node_modules/${name}/${path}`, readFileSync(join(folder, path), 'utf8')])
    const result = await checkPackage(new Package(Object.fromEntries(contents), name, readManifest(folder).version))
    if (!WITHOUT_TYPES.includes(name)) expect(result.types).toEqual({ kind: 'included' })
    const problems = result.types === false ? [] : result.problems
    expect(problems.filter((problem) => !('resolutionKind' in problem && FOR_OTHERS.has(problem.resolutionKind)))).toEqual([])
  })
})

test.skipIf(!staged)('the web application brings the licences of what is built into it', () => {
  const { folder = '' } = staged?.find(({ name }) => name === '@kinora/web') ?? {}
  expect(readFileSync(join(folder, 'dist/licences.md'), 'utf8')).toMatch(/react[\s\S]*MIT/i)
})
