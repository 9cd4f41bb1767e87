// ResnetBlock2D (He et al. 2016 with the diffusion timestep added between the convolutions), used by
// the UNet (with a time embedding) and the VAE (without). diffusers: models/resnet.py.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Div, Reshape } from '../../onnx/ops.ts'
import { conv2d } from './conv.ts'
import { linear } from './linear.ts'
import type { GroupNormConfig } from './norm.ts'
import { groupNorm, silu } from './norm.ts'

export interface ResnetConfig {
  outChannels: number
  norm: GroupNormConfig
  /** The sum of branch and residual is divided by it; 1 everywhere but in unusual mid blocks. */
  outputScaleFactor?: number
}

/**
 * x [N, C, H, W] -> [N, outChannels, H, W]. `activatedTemb` [B, T] is silu(time embedding), computed
 * once for all blocks; N is B * F, and one row serves the F frames of its video.
 */
export function resnetBlock(graph: Graph, w: Weights, x: Value, config: ResnetConfig, activatedTemb?: Value): Value {
  const g = graph.at(w.path)
  const { outChannels, norm, outputScaleFactor = 1 } = config
  let hidden = conv2d(g, w.at('conv1'), silu(g, groupNorm(g, w.at('norm1'), x, norm)), outChannels)
  if (activatedTemb) hidden = addPerVideo(g, hidden, linear(g, w.at('time_emb_proj'), activatedTemb, outChannels))
  hidden = conv2d(g, w.at('conv2'), silu(g, groupNorm(g, w.at('norm2'), hidden, norm)), outChannels)
  const residual = x.shape[1] === outChannels ? x : conv2d(g, w.at('conv_shortcut'), x, outChannels, { kernel: 1 })
  const sum = Add(g, residual, hidden)
  return g.tap(w.path, outputScaleFactor === 1 ? sum : Div(g, sum, g.scalar(outputScaleFactor)))
}

/** hidden [B * F, C, H, W] + vector [B, C] broadcast over F, H and W */
function addPerVideo(g: Graph, hidden: Value, vector: Value): Value {
  const [frames, channels, height, width] = hidden.shape
  const batch = vector.shape[0]!
  const grouped = Reshape(g, hidden, [batch, frames! / batch, channels!, height! * width!]) // [B, F, C, H * W]
  const sum = Add(g, grouped, Reshape(g, vector, [batch, 1, channels!, 1]))
  return Reshape(g, sum, hidden.shape)
}
