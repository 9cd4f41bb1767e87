// Feeds the checker trees with one fault each: every rule must see its own fault and nothing else.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { checkArchitecture, type Report } from './architecture.ts'
import { resolveImport, scanImports } from './imports.ts'

const SUBPATHS = { '#engine': ['packages/kinora/src/runtime/engine.node.ts', 'packages/kinora/src/runtime/engine.browser.ts'] }

/** Checks one file with the given code below a header; paths are relative to the library's source. */
function checkLibrary(path: string, ...code: string[]): Report {
  return checkArchitecture([{ path: `packages/kinora/src/${path}`, text: ['// A header.', ...code, ''].join('\n') }], SUBPATHS)
}

describe('scanImports', () => {
  test('finds every form', () => {
    const text = [
      "import a from 'a'",
      "import 'b'",
      'import {',
      '  c,',
      '  type C,',
      "} from 'c'",
      "import type { D } from 'd'",
      "export * from 'e'",
      "export type { F } from 'f'",
      "export { g } from 'g'",
      "import * as h from 'h'",
      "  const i = await import('i')",
      "type J = typeof import('j')",
      "const k = require('k')",
      "import type from 'l'",
    ].join('\n')
    const found = scanImports(text).toSorted((a, b) => a.specifier.localeCompare(b.specifier))
    expect(found.map(({ specifier, typeOnly }) => (typeOnly ? specifier.toUpperCase() : specifier)).join('')).toBe('abcDeFghiJkl')
    expect(found[2]).toEqual({ specifier: 'c', typeOnly: false, line: 3 })
  })

  test('leaves comments, strings and declarations alone', () => {
    const text = [
      "// import a from 'a'",
      " * import b from 'b'",
      "  // await import('c')",
      "const text = `import d from 'd'`",
      "export const from = 'e'",
      "export function f(): string { return 'f' }",
      "export type G = 'g'",
      "important('h')",
    ].join('\n')
    expect(scanImports(text)).toEqual([])
  })
})

test('resolveImport tells files, subpaths, builtins and packages apart', () => {
  const from = 'packages/kinora/src/models/nn/conv.ts'
  expect(resolveImport('../../onnx/ops.ts', from)).toEqual({ kind: 'file', path: 'packages/kinora/src/onnx/ops.ts' })
  expect(resolveImport('#engine', from)).toEqual({ kind: 'subpath', specifier: '#engine' })
  expect(resolveImport('fs/promises', from)).toEqual({ kind: 'builtin', name: 'fs/promises' })
  expect(resolveImport('@bufbuild/protobuf/wire', from)).toEqual({ kind: 'package', name: '@bufbuild/protobuf', subpath: 'wire' })
})

describe('a sound tree passes', () => {
  test.each([
    ['models/nn/conv.ts', "import type { Weights } from '../../checkpoint/weights.ts'"],
    ['models/nn/conv.ts', "import { conv } from '../../onnx/ops.ts'"],
    ['schedulers/ddim.ts', "import { ArgumentError } from '../errors.ts'"],
    ['pipelines/text-to-video.ts', "import { openEngine } from '#engine'"],
    ['runtime/engine.node.ts', "import { InferenceSession } from 'onnxruntime-node'"],
    ['runtime/engine.node.ts', "import { spawn } from 'node:child_process'"],
    ['runtime/engine.ts', "import type { Value } from '../onnx/graph.ts'"],
    ['tensor/random.test.ts', "import { fixture } from '../../test/support/safetensors.ts'"],
    ['models/full-size.test.ts', "import { Weights } from '../checkpoint/weights.ts'"],
    ['onnx/graph.test.ts', "import { InferenceSession } from 'onnxruntime-node'"],
    ['tensor/random.test.ts', "import { readFileSync } from 'node:fs'"],
    ['media/save.node.test.ts', "import { save } from './save.node.ts'"],
    ['index.ts', "export { TextToVideoPipeline } from './pipelines/text-to-video.ts'"],
    ['index.ts', "export { saveVideo } from './media/save.node.ts'"],
  ])('%s: %s', (path, code) => {
    expect(checkLibrary(path, code)).toEqual({ errors: [], warnings: [] })
  })
})

describe('each rule sees its fault', () => {
  test.each([
    ['tensor/tensor.ts', "import { ops } from '../onnx/ops.ts'", 'tensor may not import onnx'],
    ['schedulers/ddim.ts', "import { tokenize } from '../tokenizer/clip.ts'", 'schedulers may not import tokenizer'],
    ['schedulers/ddim.test.ts', "import { tokenize } from '../tokenizer/clip.ts'", 'schedulers may not import tokenizer'],
    ['media/save.ts', "import type { Weights } from '../checkpoint/weights.ts'", 'media may not import checkpoint'],
    ['models/unet3d/unet3d.ts', "import { Weights } from '../../checkpoint/weights.ts'", 'models takes only types from checkpoint'],
    ['tokenizer/clip.ts', "import { parse } from '../checkpoint/json.ts'", 'tokenizer takes only types from checkpoint'],
    ['runtime/engine.ts', "import { openCheckpoint } from '../checkpoint/open.ts'", 'runtime may not import checkpoint'],
    ['checkpoint/open.ts', "import { openEngine } from '#engine'", 'checkpoint may not import runtime'],
    ['pipelines/latents.ts', "import { x } from '#nothing'", '#nothing is not among the imports'],
    ['models/nn/conv.ts', "import { tensor } from '../../index.ts'", 'models may not import index.ts'],
    ['errors.ts', "import { tensor } from './tensor/tensor.ts'", 'errors.ts is no layer'],
    ['plugins/plugin.ts', "import { tensor } from '../tensor/tensor.ts'", 'plugins is no layer'],
    ['tensor/random.ts', "import { fixture } from '../../test/support/safetensors.ts'", "outside the library's source"],
    ['tensor/random.ts', "import { readFileSync } from 'node:fs'", 'node:fs belongs in a *.node.ts file'],
    ['tensor/random.ts', "import { join } from 'path'", 'path belongs in a *.node.ts file'],
    ['tensor/random.ts', "const fs = await import('node:fs')", 'node:fs belongs in a *.node.ts file'],
    ['media/gif.ts', "import sharp from 'sharp'", 'sharp belongs in a *.node.ts file'],
    ['media/save.node.ts', "import { InferenceSession } from 'onnxruntime-node'", 'only runtime imports onnxruntime-node'],
    ['media/save.ts', "import { write } from './staging.node.ts'", 'runs only on Node'],
    ['pipelines/latents.ts', "import { Tensor } from 'kinora'", 'does not import itself'],
  ])('%s: %s', (path, code, message) => {
    const { errors } = checkLibrary(path, code)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain(`packages/kinora/src/${path}:2: `)
    expect(errors[0]).toContain(message)
  })
})

describe('applications', () => {
  const check = (path: string, code: string): string[] => checkArchitecture([{ path, text: `// A header.\n${code}\n` }], SUBPATHS).errors

  test('use the public entry, Node and their own files', () => {
    expect(check('apps/cli/src/main.ts', "import { saveVideo } from 'kinora'\nimport 'node:fs'\nimport './progress.ts'")).toEqual([])
    expect(
      check('apps/cli/test/generate.test.ts', "import { fixture } from '../../../packages/kinora/test/support/safetensors.ts'"),
    ).toEqual([])
  })

  test('have no other way in', () => {
    expect(check('apps/cli/src/main.ts', "import { x } from 'kinora/dist/media/gif.js'")).toEqual([expect.stringContaining('public entry')])
    expect(check('apps/cli/src/main.ts', "import { x } from '../../../packages/kinora/src/index.ts'")).toEqual([
      expect.stringContaining('lies outside apps/cli/'),
    ])
    expect(check('apps/cli/test/a.test.ts', "import { x } from '../../../packages/kinora/src/index.ts'")).toHaveLength(1)
    expect(check('apps/cli/src/main.ts', "import { x } from '../../server/src/queue.ts'")).toHaveLength(1)
    expect(check('packages/ai-sdk/src/model.ts', "import { x } from '../../kinora/src/index.ts'")).toEqual([
      expect.stringContaining('lies outside packages/ai-sdk/'),
    ])
  })
})

test('folders of the server import downwards', () => {
  const check = (folder: string, from: string): string[] =>
    checkArchitecture([{ path: `apps/server/src/${folder}/x.ts`, text: `// A header.\nimport { x } from '${from}'\n` }], SUBPATHS).errors
  for (const fine of ['../queue/take.ts', '../errors.ts', './loop.ts', 'drizzle-orm']) expect(check('worker', fine)).toEqual([])
  expect(check('queue', '../worker/worker.ts')).toEqual(['apps/server/src/queue/x.ts:2: queue may not import worker (allowed: db)'])
  expect(check('worker', '../http/app.ts')).toHaveLength(1)
  expect(check('things', '../db/open.ts')).toEqual([expect.stringContaining('no folder of apps/server')])
  expect(check('http', '../../../cli/src/main.ts')).toEqual([expect.stringContaining('lies outside apps/server/')])
})

test('cycles are told once, and types do not make one', () => {
  const file = (name: string, ...code: string[]) => ({
    path: `packages/kinora/src/onnx/${name}`,
    text: ['// A header.', ...code].join('\n'),
  })
  const cycle = [file('a.ts', "import './b.ts'"), file('b.ts', "import './c.ts'"), file('c.ts', "import './a.ts'", "import './b.ts'")]
  const { errors } = checkArchitecture(cycle, {})
  expect(errors).toHaveLength(2)
  expect(errors[0]).toContain(
    'onnx/a.ts -> packages/kinora/src/onnx/b.ts -> packages/kinora/src/onnx/c.ts -> packages/kinora/src/onnx/a.ts',
  )
  expect(checkArchitecture([file('a.ts', "import './b.ts'"), file('b.ts', "import type { A } from './a.ts'")], {}).errors).toEqual([])
})

test('headers and lengths', () => {
  const check = (path: string, text: string): Report => checkArchitecture([{ path, text }], {})
  const long = (lines: number): string => `// A header.\n${'export {}\n'.repeat(lines - 1)}`
  expect(check('bench/main.ts', 'export {}\n').errors).toEqual([expect.stringContaining('bench/main.ts:1: opens without a comment')])
  expect(check('apps/cli/src/main.ts', '#!/usr/bin/env node\n// A header.\n').errors).toEqual([])
  expect(check('bench/main.ts', long(200))).toEqual({ errors: [], warnings: [] })
  expect(check('bench/main.ts', long(201)).warnings).toEqual([expect.stringContaining('201 lines')])
  expect(check('bench/main.ts', long(401)).errors).toEqual([expect.stringContaining('at most 400')])
  expect(check('packages/kinora/src/onnx/onnx_pb.ts', long(900))).toEqual({ errors: [], warnings: [] })
})

describe('the command', () => {
  const root = mkdtempSync(join(tmpdir(), 'kinora-architecture-'))
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  test('reads the tree and the #names, prints a line a violation and exits with 1', () => {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const imports = {
      '#files': { browser: './src/checkpoint/files.browser.ts', 'kinora-dev': './src/checkpoint/files.node.ts', default: './dist/x.js' },
    }
    write('packages/kinora/package.json', JSON.stringify({ imports }))
    write('packages/kinora/src/checkpoint/open.ts', "// A header.\nimport { readRange } from '#files'\n")
    write('packages/kinora/src/node_modules/x/index.ts', "import 'node:fs'\n")
    const run = () =>
      spawnSync(process.execPath, [fileURLToPath(new URL('check-architecture.ts', import.meta.url)), root], { encoding: 'utf8' })
    expect(run()).toMatchObject({ status: 0, stderr: '', stdout: 'architecture: 1 files, 0 violations, 0 warnings\n' })
    write('packages/kinora/src/media/read.ts', "// A header.\nimport { readRange } from '#files'\nimport 'node:fs'\n")
    const { status, stderr } = run()
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([
      'packages/kinora/src/media/read.ts:2: media may not import checkpoint (allowed: tensor and errors.ts)',
      'packages/kinora/src/media/read.ts:3: node:fs belongs in a *.node.ts file',
    ])
  })
})

test('the web application runs in browsers, talks over HTTP, and its folders import downwards', () => {
  const check = (folder: string, statement: string) =>
    checkArchitecture([{ path: `apps/web/src/${folder}/x.tsx`, text: `// A header.\n${statement}\n` }], SUBPATHS).errors
  expect(check('queue', "import { x } from '../create/x.ts'")).toEqual([expect.stringContaining('queue may not import create')])
  expect(check('create', "import { x } from '../watch/Stage.tsx'")).toEqual([])
  expect(check('create', "import { x } from '../base.ts'")).toEqual([])
  expect(check('api', "export type { X } from '@kinora/server/api'")).toEqual([])
  expect(check('api', "import { x } from '@kinora/server/api'")).toEqual([expect.stringContaining('over HTTP')])
  expect(check('api', "import type { X } from 'kinora'")).toEqual([expect.stringContaining('over HTTP')])
  expect(check('api', "import { readFile } from 'node:fs/promises'")).toEqual([expect.stringContaining('not in browsers')])
})
