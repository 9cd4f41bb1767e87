// Fused attention under the operators' own names. MultiHeadAttention is ONNX Runtime's
// (com.microsoft, docs/ContribOperators.md); both compute softmax(q k^T / sqrt(head size)) v per head.

import type { Graph, Value } from '../graph.ts'

export interface AttentionOptions {
  numHeads: number
  /** Position i sees positions 0..i only. */
  causal?: boolean
}

/** query [B, S, C], key [B, T, C], value [B, T, C] -> [B, S, C]; heads are consecutive slices of C. */
export function MultiHeadAttention(g: Graph, query: Value, key: Value, value: Value, options: AttentionOptions): Value {
  const { numHeads, causal = false } = options
  const [batch, , width] = query.shape
  if (
    query.shape.length !== 3 ||
    width! % numHeads !== 0 ||
    key.shape.join() !== value.shape.join() ||
    key.shape[0] !== batch ||
    key.shape[2] !== width
  )
    throw new RangeError(`MultiHeadAttention: query [${query.shape}], key [${key.shape}], value [${value.shape}], ${numHeads} heads`)
  const attributes = { num_heads: { int: numHeads }, unidirectional: { int: causal ? 1 : 0 } }
  return g.node('MultiHeadAttention', [query, key, value], query, { domain: 'com.microsoft', attributes })
}
