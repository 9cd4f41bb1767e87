// Graphs that keep ONNX Runtime busy for seconds: one while it runs, one while it loads.

import { Graph, type Value } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { Add, ConstantOfShape, MatMul, Mul } from '../../src/onnx/ops.ts'

const SIZE = 1536

function products(g: Graph, x: Value, count: number): Value {
  let y = x
  for (let i = 0; i < count; i++) y = Mul(g, MatMul(g, y, x), g.scalar(1 / SIZE))
  return y
}

/** Many products of a new input x [1536, 1536]. */
export function slowProducts(g: Graph, count: number): Value {
  return products(g, g.input('x', 'float32', [SIZE, SIZE]), count)
}

/** A model whose run takes several seconds: input x [1536, 1536]. */
export function slowToRun(count = 400): Uint8Array {
  const g = Graph.create('slow to run')
  g.output('y', slowProducts(g, count))
  return encodeModel(g)
}

/** A model whose load takes several seconds: its products are constant, so they are folded at load. */
export function slowToLoad(): Uint8Array {
  const g = Graph.create('slow to load')
  const ones = Add(g, ConstantOfShape(g, [SIZE, SIZE]), g.scalar(1))
  g.output('y', Add(g, g.input('x', 'float32', [1]), products(g, ones, 400)))
  return encodeModel(g)
}

export const SLOW_SHAPE = [SIZE, SIZE] as const
