import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { Graph } from './graph.ts'
import { encodeModel } from './model.ts'
import { ModelProtoSchema } from './onnx_pb.ts'
import { Add, Scan } from './ops.ts'
import { externalData, withoutRepeats } from './saved.ts'

const external = (byteOffset: number, byteLength: number) => ({ path: '/weights/file', byteOffset, byteLength })

test('weight files are told once, with the bytes that their tensors take in float32', () => {
  const g = Graph.create('two')
  const a = g.external('a', 'float32', [4], external(0, 16))
  const b = g.external('b', 'float32', [4], external(16, 16))
  g.external('half', 'float16', [4], external(32, 8))
  g.output('y', Add(g, Add(g, g.input('x', 'float32', [4]), a), b))
  expect(externalData(encodeModel(g))).toEqual({ locations: ['weights/file'], floatBytes: 32 })
  g.output('z', Add(g, g.external('half again', 'float16', [4], external(32, 8)), g.input('h', 'float16', [4])))
  expect(externalData(encodeModel(g)).floatBytes).toBe(48)
})

test('repeated initializers of a body are dropped, the rest of the model stays', () => {
  const g = Graph.create('loop')
  g.output(
    'y',
    Scan(g, [g.input('x', 'float32', [2, 3])], (body, [row]) => Add(body, row!, row!)),
  )
  const once = fromBinary(ModelProtoSchema, encodeModel(g))
  const body = once.graph!.node.flatMap(({ attribute }) => attribute.flatMap((each) => each.g ?? []))[0]!
  const shape = create(ModelProtoSchema, {
    graph: { initializer: [{ name: 'shape', dataType: 7, dims: [1n], rawData: new Uint8Array(8) }] },
  })
  const [initializer] = shape.graph!.initializer
  body.initializer = [initializer!]
  const expected = toBinary(ModelProtoSchema, once)
  body.initializer = [initializer!, initializer!]
  expect(withoutRepeats(toBinary(ModelProtoSchema, once))).toEqual(expected)
})

test('bytes that are no model are refused', () => {
  expect(() => externalData(Uint8Array.of(8, 1))).toThrow('no graph')
})
