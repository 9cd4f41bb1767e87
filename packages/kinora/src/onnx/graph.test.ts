// The builder and the verifier: names, sharing, static shapes that ONNX Runtime confirms, and the
// errors that a wrong shape gives.

import { fromBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import * as ort from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { tensor } from '../tensor/tensor.ts'
import { Graph, type Value } from './graph.ts'
import { encodeModel } from './model.ts'
import { ModelProtoSchema } from './onnx_pb.ts'
import * as op from './ops.ts'
import { verifyGraph } from './verify.ts'

/** Runs a graph of one input on ones and returns the result's shape and data. */
async function evaluate(shape: number[], build: (g: Graph, x: Value) => Value) {
  const g = Graph.create('test')
  const x = g.input('x', 'float32', shape)
  const y = g.output('y', build(g, x))
  expect(verifyGraph(g)).toEqual([])
  const session = await ort.InferenceSession.create(encodeModel(g))
  const feeds = {
    x: new ort.Tensor(
      'float32',
      Float32Array.from({ length: x.shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
      shape,
    ),
  }
  const result = (await session.run(feeds)).y!
  await session.release()
  return { inferred: y.shape, shape: [...result.dims], data: result.data as Float32Array, input: feeds.x.data }
}

const filled = (g: Graph, shape: number[], value = 1) =>
  g.constant(tensor('float32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value)))

describe('inferred shapes are those of ONNX Runtime', () => {
  test.each<[string, number[], (g: Graph, x: Value) => Value]>([
    [
      'Conv stride 2',
      [2, 4, 9, 7],
      (g, x) => op.Conv(g, x, filled(g, [6, 4, 3, 3]), filled(g, [6]), { strides: [2, 2], pads: [1, 1, 1, 1] }),
    ],
    ['Conv (3, 1)', [1, 4, 5, 6], (g, x) => op.Conv(g, x, filled(g, [4, 4, 3, 1]), undefined, { pads: [1, 0, 1, 0] })],
    ['Gemm', [5, 4], (g, x) => op.Gemm(g, x, filled(g, [3, 4]), filled(g, [3]))],
    ['MatMul', [2, 5, 4], (g, x) => op.MatMul(g, x, filled(g, [4, 3]))],
    ['Transpose', [2, 3, 4], (g, x) => op.Transpose(g, x, [2, 0, 1])],
    ['Reshape', [2, 3, 4], (g, x) => op.Reshape(g, x, [4, -1])],
    ['Concat', [2, 3], (g, x) => op.Concat(g, [x, x, x], 1)],
    ['Slice', [4, 5], (g, x) => op.Slice(g, x, 1, 1, 4)],
    ['Pad', [2, 3], (g, x) => op.Pad(g, x, [0, 1, 1, 0])],
    ['Resize', [1, 2, 3, 5], (g, x) => op.Resize(g, x, [1, 2, 5, 9])],
    ['MultiHeadAttention', [2, 6, 8], (g, x) => op.MultiHeadAttention(g, x, x, x, { numHeads: 2 })],
    ['LayerNormalization', [3, 8], (g, x) => op.LayerNormalization(g, x, filled(g, [8]), filled(g, [8], 0), 1e-5)],
    ['Add, broadcast', [2, 1, 4], (g, x) => op.Add(g, x, filled(g, [3, 1]))],
    ['Cast', [2, 2], (g, x) => op.Cast(g, op.Cast(g, x, 'int64'), 'float32')],
  ])('%s', async (_, shape, build) => {
    const { inferred, shape: actual } = await evaluate(shape, build)
    expect(inferred).toEqual(actual)
  })
})

test('Resize takes the source pixel floor(i * from / to), as torch does', async () => {
  const { data, input } = await evaluate([1, 1, 1, 3], (g, x) => op.Resize(g, x, [1, 1, 1, 5]))
  expect([...data]).toEqual([0, 0, 1, 1, 2].map((i) => input[i]))
})

test('broadcasting gives the shape that ONNX Runtime gives', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 0, max: 15 }), async (shape, ones) => {
      const other = shape.map((size, i) => ((ones >> i) & 1 ? 1 : size))
      const { inferred, shape: actual } = await evaluate(other, (g, x) => op.Mul(g, x, filled(g, shape)))
      expect(inferred).toEqual(actual)
    }),
    { numRuns: 20 },
  )
})

test('wrong shapes are errors that name the operator and both shapes', () => {
  const g = Graph.create('test')
  const x = g.input('x', 'float32', [2, 3])
  expect(() => op.Add(g, x, g.input('y', 'float32', [4]))).toThrow('Add: [2,3] and [4] do not broadcast')
  expect(() => op.Reshape(g, x, [4, -1])).toThrow('Reshape: [2,3] has 6 elements and cannot become [4,-1]')
  expect(() => op.Gemm(g, x, g.input('w', 'float32', [5, 4]))).toThrow('Gemm: [2,3] x [5,4] transposed')
  expect(() => op.Transpose(g, x, [0, 0])).toThrow('no permutation')
  expect(() => op.Mul(g, x, g.input('i', 'int64', [3]))).toThrow('int64')
})

test('external initializers name a path without its leading slash, an offset and a length', () => {
  const g = Graph.create('test')
  const weight = g.external('w', 'float16', [2, 3], { path: '/models/a b.safetensors', byteOffset: 1003, byteLength: 12 })
  g.output('y', op.Cast(g, weight, 'float32'))
  const model = fromBinary(ModelProtoSchema, encodeModel(g))
  const [stored] = model.graph!.initializer
  expect(stored!.dims).toEqual([2n, 3n])
  expect(Object.fromEntries(stored!.externalData.map(({ key, value }) => [key, value]))).toEqual({
    location: 'models/a b.safetensors',
    offset: '1003',
    length: '12',
  })
})

test('what no output needs is left out', () => {
  const g = Graph.create('test')
  const x = g.input('x', 'float32', [2])
  op.Sigmoid(g, op.Add(g, x, g.constant(tensor('float32', [2]))))
  g.output('y', op.Sigmoid(g, x))
  const { graph } = fromBinary(ModelProtoSchema, encodeModel(g))
  expect(graph!.node.map((node) => node.opType)).toEqual(['Sigmoid', 'Identity'])
  expect(graph!.initializer).toEqual([])
})

test('names follow the path of the module and stay unique', () => {
  const g = Graph.create('test')
  const x = g.input('x', 'float32', [2])
  const block = g.at('mid_block.resnets.0')
  expect([op.Sigmoid(block, x).name, op.Sigmoid(block, x).name]).toEqual(['mid_block.resnets.0/Sigmoid', 'mid_block.resnets.0/Sigmoid_1'])
})

test('the verifier finds dangling, repeated and misfit parts', () => {
  const g = Graph.create('test')
  const x = g.input('x', 'float32', [2])
  g.input('unread', 'float32', [2])
  const stranger = Graph.create('other').input('z', 'float32', [2])
  const short = g.external('short', 'float32', [2], { path: '/w', byteOffset: 0, byteLength: 4 })
  g.output('y', op.Add(g, op.Add(g, x, stranger), short))
  const problems = verifyGraph(g).join('\n')
  expect(problems).toContain('reads z, which nothing before it defines')
  expect(problems).toContain('input unread is never read')
  expect(problems).toContain('short names 4 bytes, [2] needs 8')
})
