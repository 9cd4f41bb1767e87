// Scaled dot-product attention (Vaswani et al. 2017): softmax(q k^T / sqrt(head width)) v per head, as ONNX
// Runtime's fused operator, or as products and a softmax where the target wants that. No projections.

import type { Graph, Value } from '../../onnx/graph.ts'
import type { AttentionOptions } from '../../onnx/ops.ts'
import { Add, MatMul, Mul, MultiHeadAttention, Reshape, Softmax, Transpose } from '../../onnx/ops.ts'
import { tensor } from '../../tensor/tensor.ts'
import { toTarget } from './edges.ts'

/** Added to what a position must not see: e to its power is 0, and half floats hold it. */
const HIDDEN = -1e4

/** query [B, S, C], key and value [B, T, C] -> [B, S, C]; heads are consecutive slices of C. */
export function mixHeads(g: Graph, query: Value, key: Value, value: Value, options: AttentionOptions): Value {
  return g.target.fusedAttention ? MultiHeadAttention(g, query, key, value, options) : composedAttention(g, query, key, value, options)
}

/** The same of products and a softmax. */
export function composedAttention(g: Graph, query: Value, key: Value, value: Value, options: AttentionOptions): Value {
  const { numHeads, causal = false } = options
  const width = query.shape[2]! / numHeads
  const root = g.scalar(width ** -0.25) // on both sides of the product, which would leave the range of half floats without it
  const split = (x: Value, perm: readonly number[]) => Transpose(g, Reshape(g, x, [x.shape[0]!, x.shape[1]!, numHeads, width]), perm)
  const queries = Mul(g, split(query, [0, 2, 1, 3]), root) // [B, heads, S, width]
  const keys = Mul(g, split(key, [0, 2, 3, 1]), root) // [B, heads, width, T]
  const scores = MatMul(g, queries, keys) // [B, heads, S, T]
  const seen = causal ? Add(g, scores, causalMask(g, query.shape[1]!)) : scores
  const mixed = MatMul(g, Softmax(g, seen), split(value, [0, 2, 1, 3])) // [B, heads, S, width]
  return Reshape(g, Transpose(g, mixed, [0, 2, 1, 3]), query.shape)
}

/** [S, S]: row i hides the columns after i. */
function causalMask(g: Graph, size: number): Value {
  return g.once(`causal mask ${size}`, (root) => {
    const mask = Float32Array.from({ length: size * size }, (_, i) => (i % size > Math.floor(i / size) ? HIDDEN : 0))
    return toTarget(root, root.at('').constant(tensor('float32', [size, size], mask)))
  })
}
