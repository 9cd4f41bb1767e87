// Matrix products, one function each under the operator's own name. https://onnx.ai/onnx/operators/

import type { Graph, Value } from '../graph.ts'
import { broadcastShapes } from '../shape.ts'

/** Batched product: [..., M, K] x [..., K, N] -> [..., M, N], leading axes broadcast. */
export function MatMul(g: Graph, a: Value, b: Value): Value {
  const [m, k] = a.shape.slice(-2)
  const [k2, n] = b.shape.slice(-2)
  if (a.shape.length < 2 || b.shape.length < 2 || k !== k2) throw new RangeError(`MatMul: [${a.shape}] x [${b.shape}]`)
  const batch = broadcastShapes('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2))
  return g.node('MatMul', [a, b], { dtype: a.dtype, shape: [...batch, m!, n!] })
}

/** x [M, K] times the transpose of weight [N, K], plus bias [N]: how torch stores a Linear. -> [M, N] */
export function Gemm(g: Graph, x: Value, weight: Value, bias?: Value): Value {
  const [m, k] = x.shape
  const [n, k2] = weight.shape
  if (x.shape.length !== 2 || weight.shape.length !== 2 || k !== k2)
    throw new RangeError(`Gemm: [${x.shape}] x [${weight.shape}] transposed`)
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== n)) throw new RangeError(`Gemm: bias [${bias.shape}] for ${n} columns`)
  return g.node('Gemm', bias ? [x, weight, bias] : [x, weight], { dtype: x.dtype, shape: [m!, n!] }, { attributes: { transB: { int: 1 } } })
}

/** Gemm without a transpose: c [M, N] + a [M, K] x b [K, N] -> [M, N] */
export function GemmAdd(g: Graph, c: Value, a: Value, b: Value): Value {
  const [m, k] = a.shape
  const [k2, n] = b.shape
  if (k !== k2 || c.shape.join() !== [m, n].join()) throw new RangeError(`Gemm: [${c.shape}] + [${a.shape}] x [${b.shape}]`)
  return g.node('Gemm', [a, b, c], c)
}
