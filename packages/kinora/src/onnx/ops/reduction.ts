// Operators that reduce an axis, under their own names. https://onnx.ai/onnx/operators/

import type { Graph, Value } from '../graph.ts'
import { normalizeAxis } from '../shape.ts'

/** The largest element along one axis, which stays with size 1. */
export function ReduceMax(g: Graph, x: Value, axis: number): Value {
  const at = normalizeAxis('ReduceMax', axis, x.shape.length)
  return g.node('ReduceMax', [x, g.int64s([at])], { dtype: x.dtype, shape: x.shape.with(at, 1) }, { attributes: { keepdims: { int: 1 } } })
}
