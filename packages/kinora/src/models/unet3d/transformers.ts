// The two transformers of a layer: Transformer2DModel attends over the pixels of each frame and the
// prompt, TransformerTemporalModel over the frames of each pixel. Both are one block between two
// projections, behind a GroupNorm and a residual. diffusers: models/transformers/.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Gather, Reshape, Scan, Transpose } from '../../onnx/ops.ts'
import { elementCount } from '../../tensor/tensor.ts'
import type { AttentionConfig, KeyValue } from '../nn/attention.ts'
import { channelLinear, linear } from '../nn/linear.ts'
import { groupNorm } from '../nn/norm.ts'
import { addRepeated, crossAttention, transformerBlock } from '../nn/transformer-block.ts'
import { turnSize } from '../nn/turns.ts'

/** Both GroupNorms use this whatever the UNet's norm_eps says. */
const EPSILON = 1e-6

export interface TransformerConfig extends AttentionConfig {
  groups: number
}

/**
 * x [B * F, C, H, W], prompt keys and values [n * B, T, C] -> [n * B * F, C, H, W]; n is 2 where both halves of guidance still
 * share x. Frames do not see each other here, so a few of one video at a time go through the whole transformer.
 */
export function spatialTransformer(graph: Graph, w: Weights, x: Value, frames: number, config: TransformerConfig, prompt: KeyValue): Value {
  const g = graph.at(w.path)
  const videos = x.shape[0]! / frames
  if (!g.target.turns) return g.tap(w.path, spatialTurn(g, w, x, videos, config, prompt))
  const rest = x.shape.slice(1)
  const some = turnSize(frames, elementCount(rest.slice(1)))
  const turns = x.shape[0]! / some
  const halves = prompt.key.shape[0]! / videos
  const rows = Array.from({ length: turns }, (_, turn) =>
    Array.from({ length: halves }, (_row, half) => half * videos + Math.floor((turn * some) / frames)),
  )
  const ofTurns = (value: Value) => Reshape(g, Gather(g, value, g.int64s(rows.flat())), [turns, halves, ...value.shape.slice(1)]) // [turns, n, T, C]
  const mixed = Scan(g, [Reshape(g, x, [turns, some, ...rest]), ofTurns(prompt.key), ofTurns(prompt.value)], (body, [slice, key, value]) =>
    Reshape(body, spatialTurn(body, w, slice!, 1, config, { key: key!, value: value! }), [halves, some, ...rest]),
  ) // [turns, n, F', C, H, W]
  const byHalf = halves === 1 ? mixed : Transpose(g, mixed, [1, 0, 2, 3, 4, 5])
  return g.tap(w.path, Reshape(g, byHalf, [-1, ...rest]))
}

/** x [N, C, H, W], the frames of some videos in order, prompt keys and values [n * videos, T, C] -> [n * N, C, H, W] */
function spatialTurn(g: Graph, w: Weights, x: Value, videos: number, config: TransformerConfig, prompt: KeyValue): Value {
  const [frames, channels, height, width] = x.shape
  const inner = config.numHeads * config.headDim
  const normalized = groupNorm(g, w.at('norm'), x, { groups: config.groups, epsilon: EPSILON })
  const pixels = Reshape(g, normalized, [frames!, channels!, height! * width!]) // [N, C, H * W]
  const projected = channelLinear(g, w.at('proj_in'), pixels, inner) // [N, H * W, inner]
  const mixed = transformerBlock(g, w.at('transformer_blocks.0'), projected, config, crossAttention(prompt, config, videos))
  const back = Transpose(g, linear(g, w.at('proj_out'), mixed, channels!), [0, 2, 1]) // [n * N, C, H * W]
  return addRepeated(g, Reshape(g, back, [-1, channels!, height!, width!]), x)
}

/** x [B * F, C, H, W] -> same shape; attention runs over the F frames of each pixel, so a few pixels at a time go through it. */
export function temporalTransformer(graph: Graph, w: Weights, x: Value, frames: number, config: TransformerConfig): Value {
  const g = graph.at(w.path)
  const [batchFrames, channels, height, width] = x.shape
  const [batch, area] = [batchFrames! / frames, height! * width!]
  const byChannel = Transpose(g, Reshape(g, x, [batch, frames, channels!, area]), [0, 2, 1, 3]) // [B, C, F, H * W]
  const normalized = groupNorm(g, w.at('norm'), byChannel, { groups: config.groups, epsilon: EPSILON })
  const places = Reshape(g, normalized, [batch, channels!, frames * area])
  // The projection stands between two transposes which are fast alone; ONNX Runtime would join them to one that takes ten times as long.
  const inner = channelLinear(g, w.at('proj_in'), places, config.numHeads * config.headDim) // [B, F * H * W, inner]
  const pixels = Transpose(g, Reshape(g, inner, [batch, frames, area, inner.shape[2]!]), [0, 2, 1, 3]) // [B, H * W, F, inner]
  const byPixel = Reshape(g, pixels, [batch * area, frames, inner.shape[2]!])
  const mixed = g.target.turns ? temporalTurns(g, w, byPixel, channels!, config) : temporalTurn(g, w, byPixel, channels!, config)
  const projected = Reshape(g, mixed, [batch, area, frames, channels!]) // [B, H * W, F, C]
  const back = Reshape(g, Transpose(g, projected, [0, 2, 3, 1]), x.shape) // [B * F, C, H, W]
  return g.tap(w.path, Add(g, back, x))
}

/** x [N, F, inner] -> [turns, N / turns, F, C] */
function temporalTurns(g: Graph, w: Weights, x: Value, channels: number, config: TransformerConfig): Value {
  const [count, frames, inner] = x.shape
  const pixels = turnSize(count!, frames!)
  const turns = Reshape(g, x, [count! / pixels, pixels, frames!, inner!])
  return Scan(g, [turns], (body, [some]) => temporalTurn(body, w, some!, channels, config))
}

/** x [N, F, inner], the frames of some pixels -> [N, F, C] */
function temporalTurn(g: Graph, w: Weights, x: Value, channels: number, config: TransformerConfig): Value {
  return linear(g, w.at('proj_out'), transformerBlock(g, w.at('transformer_blocks.0'), x, config), channels)
}
