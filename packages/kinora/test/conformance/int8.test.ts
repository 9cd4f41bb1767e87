// Layers with int8 weights beside the same layers in float32: the error is that of rounding, whatever the
// shape, and weights in uint8 give the very same numbers.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openFolder } from '../../src/checkpoint/files.node.ts'
import { withInt8 } from '../../src/checkpoint/int8/int8-file.ts'
import { readTensorFile } from '../../src/checkpoint/tensor-file.ts'
import { type WeightEntry, Weights } from '../../src/checkpoint/weights.ts'
import { conv2d } from '../../src/models/nn/conv.ts'
import { linear } from '../../src/models/nn/linear.ts'
import { buildQuantizer, int8Name, int8Shape } from '../../src/models/nn/quantize.ts'
import { upsampleConv } from '../../src/models/nn/upsample.ts'
import { temporalConv } from '../../src/models/unet3d/temporal-conv.ts'
import { Graph, type Value } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { verifyGraph } from '../../src/onnx/verify.ts'
import { int8Type } from '../../src/runtime/int8-type.node.ts'
import { openLocalEngine } from '../../src/runtime/local-engine.node.ts'
import { Generator, randn } from '../../src/tensor/random.ts'
import { encodeSafetensors } from '../../src/tensor/safetensors.ts'
import { type Tensor, tensor } from '../../src/tensor/tensor.ts'
import { relativeError } from '../support/compare.ts'

const TEMP = mkdtempSync(join(tmpdir(), 'kinora-int8-'))
const engine = openLocalEngine()
afterAll(async () => {
  await engine.dispose()
  rmSync(TEMP, { recursive: true, force: true })
})

/** Rounding to 8 bits on both sides: each some 0.5 to 1 % of a normal tensor's deviation. */
const ROUNDING = 0.02

type Build = (g: Graph, w: Weights, x: Value) => Value
type Type = 'float32' | 'int8' | 'uint8'

function memory(shape: readonly number[], data: Float32Array): WeightEntry {
  return { dtype: 'float32', shape, path: '/none', byteOffset: 0, byteLength: data.byteLength, data: new Uint8Array(data.buffer) }
}

async function run(g: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  expect(verifyGraph(g)).toEqual([])
  const session = await engine.createSession(encodeModel(g))
  const results = await session.run(feeds)
  await session.release()
  return results
}

/** The same weights with every matrix quantized by the quantizer, read back from a file. */
async function quantized(floats: Map<string, WeightEntry>, type: 'int8' | 'uint8', parts: number, phases = false): Promise<Weights> {
  const wanted = [...floats].flatMap(([name, { shape }]) =>
    shape.length < 2
      ? []
      : phases
        ? [
            { name, shape, parts },
            { name, shape, parts, phases },
          ]
        : [{ name, shape, parts }],
  )
  const made = await run(buildQuantizer(Weights.from(floats), wanted, type), { levels: tensor('float32', [], Float32Array.of(127)) })
  const named = wanted
    .map(int8Name)
    .flatMap((name) => [[name, made[`${name}.values`]!] as const, [`${name}_scale`, made[`${name}.scale`]!] as const])
  const file = `${type}-${Math.random()}.safetensors`
  writeFileSync(join(TEMP, file), Buffer.concat(encodeSafetensors(Object.fromEntries(named))))
  const tensors = wanted.map((each) => ({ name: int8Name(each), of: each.name, dtype: type, shape: int8Shape(each) }))
  return withInt8(floats, await readTensorFile(await openFolder(TEMP), file), tensors)
}

interface Layer {
  shapes: Record<string, number[]>
  input: number[]
  build: Build
  parts?: number
  phases?: boolean
}

async function results(
  { shapes, input, build, parts = 1, phases = false }: Layer,
  types: readonly Type[],
  fill?: (shape: number[]) => Tensor,
) {
  const generator = new Generator(7n)
  const draw = fill ?? ((shape: number[]) => randn(shape, generator))
  const floats = new Map(Object.entries(shapes).map(([name, shape]) => [name, memory(shape, draw(shape).data as Float32Array)]))
  const x = draw(input)
  const computed: Tensor[] = []
  for (const type of types) {
    const g = Graph.create(type)
    const weights = type === 'float32' ? Weights.from(floats) : await quantized(floats, type, parts, phases)
    g.output('y', build(g, weights, g.input('x', 'float32', input)))
    weights.assertAllUsed()
    computed.push((await run(g, { x })).y!)
  }
  return computed
}

const conv = (kernel: number, stride: number, size: number[], padding?: number): Layer => ({
  shapes: { weight: [6, 5, kernel, kernel], bias: [6] },
  input: [4, 5, ...size],
  build: (g, w, x) => conv2d(g, w, x, 6, { kernel, stride, ...(padding !== undefined && { padding }) }),
})
const upsample = (size: readonly [number, number]): Layer => ({
  shapes: { weight: [6, 5, 3, 3], bias: [6] },
  input: [2, 5, 4, 3],
  build: (g, w, x) => upsampleConv(g, w, x, 6, size),
  phases: true,
})
const frameLayer = (name: string, index: number) => ({
  [`${name}.0.weight`]: [8],
  [`${name}.0.bias`]: [8],
  [`${name}.${index}.weight`]: [8, 8, 3, 1, 1],
  [`${name}.${index}.bias`]: [8],
})

const LAYERS: Record<string, Layer> = {
  'a linear layer': { shapes: { weight: [6, 10], bias: [6] }, input: [3, 7, 10], build: (g, w, x) => linear(g, w, x, 6) },
  'without a bias': { shapes: { weight: [6, 10] }, input: [8, 10], build: (g, w, x) => linear(g, w, x, 6, { bias: false }) },
  'the second half of one': {
    shapes: { weight: [12, 10], bias: [12] },
    input: [8, 10],
    build: (g, w, x) => linear(g, w, x, 12, { columns: [6, 12] }),
    parts: 2,
  },
  '3x3': conv(3, 1, [5, 7]),
  '3x3 in turns': conv(3, 1, [32, 30]),
  '3x3, stride 2': conv(3, 2, [5, 8]),
  '3x3, stride 2 without padding': conv(3, 2, [6, 8], 0),
  '1x1': conv(1, 1, [3, 4]),
  'after doubling': upsample([8, 6]),
  'after doubling, in turns': {
    ...upsample([64, 60]),
    input: [4, 5, 32, 30],
  },
  'after growing unevenly': upsample([7, 5]),
  'along frames': {
    shapes: { ...frameLayer('conv1', 2), ...frameLayer('conv2', 3), ...frameLayer('conv3', 3), ...frameLayer('conv4', 3) },
    input: [6, 8, 20, 30],
    build: (g, w, x) => temporalConv(g, w, x, 3, 2),
  },
}

describe('int8', () => {
  test.each(Object.entries(LAYERS))('%s', async (_, layer) => {
    const [float, int8, uint8] = await results(layer, ['float32', 'int8', 'uint8'])
    expect(relativeError(int8!, float!)).toBeLessThan(ROUNDING)
    expect(relativeError(uint8!, float!)).toBeLessThan(ROUNDING)
  })

  test('sums of the largest products keep all their bits in the type for this CPU', async () => {
    const ones = (shape: number[]) => tensor('float32', shape, new Float32Array(shape.reduce((a, b) => a * b)).fill(1))
    const layer: Layer = { shapes: { weight: [4, 64] }, input: [4, 64], build: (g, w, x) => linear(g, w, x, 4, { bias: false }) }
    const [float, exact] = await results(layer, ['float32', int8Type()], ones)
    expect(relativeError(exact!, float!)).toBeLessThan(1e-5)
  })

  test('a layer that has no product for it says so', async () => {
    const floats = new Map([['weight', memory([4, 3], new Float32Array(12).fill(1))]])
    const weights = await quantized(floats, 'int8', 2)
    const g = Graph.create('refusal')
    expect(() => linear(g, weights, g.input('x', 'float32', [2, 3]), 4, { bias: false })).toThrow('columns 0..4 of parts of 2')
  })
})
