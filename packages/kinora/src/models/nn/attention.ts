// Multi-head attention layer with diffusers' names (to_q, to_k, to_v, to_out.0) and no mask.
// Keys and values may come ready-made: those of the prompt are the same at every step and frame.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Concat } from '../../onnx/ops.ts'
import { linear } from './linear.ts'
import { mixHeads } from './mix-heads.ts'

export interface AttentionConfig {
  numHeads: number
  headDim: number
}

export interface KeyValue {
  /** [B, T, heads * headDim] */
  key: Value
  value: Value
}

/** context [B, T, D] -> keys and values [B, T, heads * headDim]; the projections have no bias. */
export function keyValue(g: Graph, w: Weights, context: Value, config: AttentionConfig): KeyValue {
  const width = config.numHeads * config.headDim
  return {
    key: linear(g, w.at('to_k'), context, width, { bias: false }),
    value: linear(g, w.at('to_v'), context, width, { bias: false }),
  }
}

/**
 * x [B, S, C] -> [B, S, C]; self-attention unless keys and values are given. These may have a multiple of x's rows, [n * B, T, C]:
 * then the same queries look at each, and the result is [n * B, S, C].
 */
export function attention(graph: Graph, w: Weights, x: Value, config: AttentionConfig, given?: KeyValue): Value {
  const g = graph.at(w.path)
  const { key, value } = given ?? keyValue(g, w, x, config)
  const query = linear(g, w.at('to_q'), x, config.numHeads * config.headDim, { bias: false })
  const times = key.shape[0]! / query.shape[0]!
  const queries = times === 1 ? query : Concat(g, Array<Value>(times).fill(query), 0)
  const mixed = mixHeads(g, queries, key, value, { numHeads: config.numHeads })
  return linear(g, w.at('to_out.0'), mixed, x.shape.at(-1)!)
}
