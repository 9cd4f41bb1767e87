// The cache of compiled models as a caller of an engine meets it, on the real ONNX Runtime: what it leaves on
// disk, that results are the same bits, and that whatever happens to the files, a model opens.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EngineError } from '../errors.ts'
import { Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import { Add, Conv, Gemm, Reshape, Scan } from '../onnx/ops.ts'
import { tensor } from '../tensor/tensor.ts'
import { MODEL_FILE, WEIGHTS_FILE } from './compiled.node.ts'
import { openEngine } from './engine.node.ts'
import type { Engine, SessionOptions } from './engine.ts'

const CHANNELS = 32
const SIDE = 4
let folder: string
let weights: string
let cache: string
let engines: Engine[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kinora-compiled-'))
  weights = path.join(folder, 'weights')
  cache = path.join(folder, 'cache')
  engines = []
  writeWeights(1)
})

afterEach(async () => {
  for (const engine of engines) await engine.dispose()
  rmSync(folder, { recursive: true })
})

async function newEngine(inProcess = true): Promise<Engine> {
  const engine = await openEngine({ inProcess })
  engines.push(engine)
  return engine
}

const CONV_BYTES = CHANNELS * CHANNELS * 9 * 4
const MATRIX_BYTES = CHANNELS * CHANNELS * 4

function writeWeights(scale: number): void {
  writeFileSync(
    weights,
    Float32Array.from({ length: (CONV_BYTES + MATRIX_BYTES) / 4 }, (_, i) => (scale * ((i * 37) % 101)) / 101 - 0.3),
  )
}

/** A convolution that is laid out in blocks, then a loop whose body multiplies with a weight from around it. */
function model(): Uint8Array {
  const g = Graph.create('compiled')
  const kernel = g.external('kernel', 'float32', [CHANNELS, CHANNELS, 3, 3], { path: weights, byteOffset: 0, byteLength: CONV_BYTES })
  const matrix = g.external('matrix', 'float32', [CHANNELS, CHANNELS], { path: weights, byteOffset: CONV_BYTES, byteLength: MATRIX_BYTES })
  const x = g.input('x', 'float32', [1, CHANNELS, SIDE, SIDE])
  const y = Conv(g, x, kernel, undefined, { pads: [1, 1, 1, 1] })
  const turns = Reshape(g, y, [SIDE, CHANNELS, SIDE])
  const looped = Scan(g, [turns], (body, [rows]) => {
    const flat = Reshape(body, rows!, [SIDE, CHANNELS])
    return Reshape(body, Add(body, Gemm(body, flat, matrix), flat), [CHANNELS, SIDE])
  })
  g.output('y', looped)
  return encodeModel(g)
}

const feeds = () => {
  const count = CHANNELS * SIDE * SIDE
  return {
    x: tensor(
      'float32',
      [1, CHANNELS, SIDE, SIDE],
      Float32Array.from({ length: count }, (_, i) => Math.sin(i)),
    ),
  }
}

async function runOnce(engine: Engine, options: SessionOptions = { compiled: { folder: cache } }): Promise<unknown> {
  const session = await engine.createSession(model(), options)
  const { y } = await session.run(feeds())
  await session.release()
  return y
}

const entries = () => readdirSync(cache)
const inodeOf = (name: string) => statSync(path.join(cache, name, WEIGHTS_FILE)).ino

test('the second load reads what the first one wrote, and both give what a plain load gives', async () => {
  const engine = await newEngine()
  const plain = await runOnce(engine, {})
  expect(await runOnce(engine)).toEqual(plain)
  const [entry] = entries()
  const written = inodeOf(entry!)
  expect(await runOnce(engine)).toEqual(plain)
  expect(await runOnce(engine, { compiled: { folder: cache }, streamed: true })).toEqual(plain)
  expect(entries()).toEqual([entry])
  expect(inodeOf(entry!)).toBe(written)
})

test('what is loaded is the file, not the model beside it', async () => {
  const engine = await newEngine()
  const before = await runOnce(engine)
  const file = path.join(cache, entries()[0]!, WEIGHTS_FILE)
  writeFileSync(file, new Uint8Array(statSync(file).size))
  expect(await runOnce(engine)).not.toEqual(before)
})

test.each([
  [MODEL_FILE, (file: string) => writeFileSync(file, 'x')],
  [WEIGHTS_FILE, (file: string) => truncateSync(file, 100)],
  ['about.json', (file: string) => rmSync(file)],
])('a damaged %s is made again', async (name, damage) => {
  const engine = await newEngine()
  const before = await runOnce(engine)
  const [entry] = entries()
  const file = path.join(cache, entry!, name)
  const whole = readFileSync(file)
  damage(file)
  expect(await runOnce(engine)).toEqual(before)
  expect(entries()).toEqual([entry])
  expect(readFileSync(file)).toEqual(whole)
})

test('changed weights are another entry', async () => {
  const engine = await newEngine()
  const before = await runOnce(engine)
  writeWeights(2)
  utimesSync(weights, 1, 1)
  expect(await runOnce(engine)).not.toEqual(before)
  expect(entries()).toHaveLength(2)
})

test('processes that compile at the same moment leave one entry and nothing else', async () => {
  const results = await Promise.all([newEngine(false), newEngine(false)].map(async (engine) => runOnce(await engine)))
  expect(results[0]).toEqual(results[1])
  expect(entries()).toHaveLength(1)
})

test('the least recently used entry goes beyond the limit; other things in the folder stay', async () => {
  const engine = await newEngine()
  await mkdir(path.join(cache, 'mine'), { recursive: true })
  await runOnce(engine)
  const [old] = entries().filter((name) => name !== 'mine')
  writeWeights(2)
  utimesSync(weights, 1, 1)
  await runOnce(engine, { compiled: { folder: cache, limit: 1 } })
  expect(entries()).toHaveLength(2)
  expect(entries()).toContain('mine')
  expect(entries()).not.toContain(old)
})

test('a folder that cannot be made is an EngineError that names it', async () => {
  const engine = await newEngine()
  const run = runOnce(engine, { compiled: { folder: path.join(weights, 'below a file') } })
  await expect(run).rejects.toThrow(EngineError)
  await expect(run).rejects.toThrow('below a file')
})

test('a model whose weights are gone is refused as without a cache', async () => {
  rmSync(weights)
  await expect(runOnce(await newEngine())).rejects.toThrow(EngineError)
})
