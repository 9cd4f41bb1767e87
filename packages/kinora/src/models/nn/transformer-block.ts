// BasicTransformerBlock: attention, a second attention (over the prompt, or over itself again in
// temporal transformers) and a feed-forward layer, each behind a LayerNorm and a residual.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Reshape } from '../../onnx/ops.ts'
import type { AttentionConfig, KeyValue } from './attention.ts'
import { attention } from './attention.ts'
import { feedForward } from './feed-forward.ts'
import { layerNorm } from './norm.ts'

/** How attn2 is computed: it may need x in another shape than attn1 does (the prompt's one batch row per video). */
export type SecondAttention = (g: Graph, w: Weights, x: Value) => Value

/** x [B, S, C] -> [B, S, C]; attn2 is self-attention unless given. One that looks at n contexts makes it [n * B, S, C]. */
export function transformerBlock(graph: Graph, w: Weights, x: Value, config: AttentionConfig, attn2?: SecondAttention): Value {
  const g = graph.at(w.path)
  const second: SecondAttention = attn2 ?? ((g2, w2, h) => attention(g2, w2, h, config))
  const first = Add(g, attention(g, w.at('attn1'), layerNorm(g, w.at('norm1'), x), config), x)
  const both = addRepeated(g, second(g, w.at('attn2'), layerNorm(g, w.at('norm2'), first)), first)
  return Add(g, feedForward(g, w.at('ff'), layerNorm(g, w.at('norm3'), both)), both)
}

/** x [n * N, ...] + residual [N, ...], which is the same for each of the n */
export function addRepeated(g: Graph, x: Value, residual: Value): Value {
  const times = x.shape[0]! / residual.shape[0]!
  if (times === 1) return Add(g, x, residual)
  return Reshape(g, Add(g, Reshape(g, x, [times, ...residual.shape]), residual), x.shape)
}

/**
 * Cross-attention of B * F frames over context rows [n * B, T, C], n for each video: the frames join the sequence axis, so no key
 * is repeated. -> [n * B * F, S, C]
 */
export function crossAttention(context: KeyValue, config: AttentionConfig, videos: number): SecondAttention {
  return (g, w, x) => {
    const joined = Reshape(g, x, [videos, -1, x.shape[2]!]) // [B, F * S, C]
    return Reshape(g, attention(g, w, joined, config, context), [-1, x.shape[1]!, x.shape[2]!]) // [n * B * F, S, C]
  }
}
