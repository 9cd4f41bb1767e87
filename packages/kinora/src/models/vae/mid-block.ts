// UNetMidBlock2D of the autoencoder: resnet, single-head self-attention over all pixels, resnet.
// diffusers: models/unets/unet_2d_blocks.py.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Reshape, Transpose } from '../../onnx/ops.ts'
import { linear } from '../nn/linear.ts'
import { mixHeads } from '../nn/mix-heads.ts'
import { groupNorm } from '../nn/norm.ts'
import { resnetBlock } from '../nn/resnet.ts'
import type { VaeConfig } from './config.ts'

/** Every norm of the autoencoder uses this. */
export const EPSILON = 1e-6

/** x [N, C, H, W] -> same shape */
export function midBlock(g: Graph, w: Weights, x: Value, config: VaeConfig): Value {
  const resnet = { outChannels: x.shape[1]!, norm: { groups: config.normNumGroups, epsilon: EPSILON } }
  const first = resnetBlock(g, w.at('resnets.0'), x, resnet)
  const mixed = config.midBlockAddAttention ? pixelAttention(g, w.at('attentions.0'), first, config.normNumGroups) : first
  return resnetBlock(g, w.at('resnets.1'), mixed, resnet)
}

/** x [N, C, H, W] -> same shape; one head as wide as the channels, and biases on every projection. */
function pixelAttention(graph: Graph, w: Weights, x: Value, groups: number): Value {
  const g = graph.at(w.path)
  const [batch, channels, height, width] = x.shape
  const normed = groupNorm(g, w.at('group_norm'), x, { groups, epsilon: EPSILON })
  const pixels = Transpose(g, Reshape(g, normed, [batch!, channels!, height! * width!]), [0, 2, 1]) // [N, H * W, C]
  const project = (name: string) => linear(g, w.at(name), pixels, channels!)
  const mixed = mixHeads(g, project('to_q'), project('to_k'), project('to_v'), { numHeads: 1 })
  const back = Transpose(g, linear(g, w.at('to_out.0'), mixed, channels!), [0, 2, 1]) // [N, C, H * W]
  return Add(g, Reshape(g, back, x.shape), x)
}
