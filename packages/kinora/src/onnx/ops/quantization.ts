// Integer products, one function each under the operator's own name. A float is scale * (integer - zero
// point). https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html ; MatMulIntegerToFloat is ONNX
// Runtime's (com.microsoft, docs/ContribOperators.md).

import type { Graph, Value } from '../graph.ts'

/** A tensor in uint8. */
export interface Quantized {
  readonly values: Value
  /** float32 scalar */
  readonly scale: Value
  /** uint8 scalar */
  readonly zeroPoint: Value
}

/** A matrix of weights in int8 or uint8. */
export interface QuantizedMatrix {
  /** [K, N] */
  readonly values: Value
  /** Of each column, float32 [N]. */
  readonly scale: Value
  /** Scalar of the values' type; left out it is 0. */
  readonly zeroPoint: Value | undefined
}

/** x in uint8, by the smallest and the largest of its elements; 0 is kept exactly. */
export function DynamicQuantizeLinear(g: Graph, x: Value): Quantized {
  if (x.dtype !== 'float32') throw new RangeError(`DynamicQuantizeLinear: ${x.name} is ${x.dtype}`)
  const types = [
    { dtype: 'uint8', shape: x.shape },
    { dtype: 'float32', shape: [] },
    { dtype: 'uint8', shape: [] },
  ] as const
  const [values, scale, zeroPoint] = g.results('DynamicQuantizeLinear', [x], types)
  return { values: values!, scale: scale!, zeroPoint: zeroPoint! }
}

/** a [M, K] x b [K, N] + bias [N] -> float32 [M, N]; sums are exact in int32. */
export function MatMulIntegerToFloat(g: Graph, a: Quantized, b: QuantizedMatrix, bias?: Value): Value {
  const [m, k] = a.values.shape
  const [k2, n] = b.values.shape
  if (a.values.shape.length !== 2 || b.values.shape.length !== 2 || k !== k2 || b.scale.shape.join() !== String(n))
    throw new RangeError(`MatMulIntegerToFloat: [${a.values.shape}] x [${b.values.shape}], scales [${b.scale.shape}]`)
  const inputs = [a.values, b.values, a.scale, b.scale, a.zeroPoint, b.zeroPoint, bias]
  while (inputs.at(-1) === undefined) inputs.pop()
  return g.node('MatMulIntegerToFloat', inputs, { dtype: 'float32', shape: [m!, n!] }, { domain: 'com.microsoft' })
}
