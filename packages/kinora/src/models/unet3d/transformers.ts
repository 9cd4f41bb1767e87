// The two transformers of a layer: Transformer2DModel attends over the pixels of each frame and the
// prompt, TransformerTemporalModel over the frames of each pixel. Both are one block between two
// projections, behind a GroupNorm and a residual. diffusers: models/transformers/.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Reshape, Transpose } from '../../onnx/ops.ts'
import type { AttentionConfig, KeyValue } from '../nn/attention.ts'
import { linear } from '../nn/linear.ts'
import { groupNorm } from '../nn/norm.ts'
import { crossAttention, transformerBlock } from '../nn/transformer-block.ts'

/** Both GroupNorms use this whatever the UNet's norm_eps says. */
const EPSILON = 1e-6

export interface TransformerConfig extends AttentionConfig {
  groups: number
}

/** x [B * F, C, H, W], prompt keys and values [B, T, C] -> [B * F, C, H, W] */
export function spatialTransformer(graph: Graph, w: Weights, x: Value, config: TransformerConfig, prompt: KeyValue): Value {
  const g = graph.at(w.path)
  const [batchFrames, channels, height, width] = x.shape
  const inner = config.numHeads * config.headDim
  const normalized = groupNorm(g, w.at('norm'), x, { groups: config.groups, epsilon: EPSILON })
  const pixels = Reshape(g, normalized, [batchFrames!, channels!, height! * width!]) // [B * F, C, H * W]
  const sequence = Transpose(g, pixels, [0, 2, 1]) // [B * F, H * W, C]
  const projected = linear(g, w.at('proj_in'), sequence, inner)
  const mixed = transformerBlock(g, w.at('transformer_blocks.0'), projected, config, crossAttention(prompt, config))
  const back = Transpose(g, linear(g, w.at('proj_out'), mixed, channels!), [0, 2, 1]) // [B * F, C, H * W]
  return g.tap(w.path, Add(g, Reshape(g, back, x.shape), x))
}

/** x [B * F, C, H, W] -> same shape; attention runs over the F frames of each pixel. */
export function temporalTransformer(graph: Graph, w: Weights, x: Value, frames: number, config: TransformerConfig): Value {
  const g = graph.at(w.path)
  const [batchFrames, channels, height, width] = x.shape
  const [batch, area] = [batchFrames! / frames, height! * width!]
  const inner = config.numHeads * config.headDim
  const byChannel = Transpose(g, Reshape(g, x, [batch, frames, channels!, area]), [0, 2, 1, 3]) // [B, C, F, H * W]
  const normalized = groupNorm(g, w.at('norm'), byChannel, { groups: config.groups, epsilon: EPSILON })
  const sequence = Reshape(g, Transpose(g, normalized, [0, 3, 2, 1]), [batch * area, frames, channels!]) // [B * H * W, F, C]
  const mixed = transformerBlock(g, w.at('transformer_blocks.0'), linear(g, w.at('proj_in'), sequence, inner), config)
  const projected = Reshape(g, linear(g, w.at('proj_out'), mixed, channels!), [batch, area, frames, channels!]) // [B, H * W, F, C]
  const back = Reshape(g, Transpose(g, projected, [0, 2, 3, 1]), x.shape) // [B * F, C, H, W]
  return g.tap(w.path, Add(g, back, x))
}
