// ResnetBlock2D (He et al. 2016 with the diffusion timestep added between the convolutions), used by
// the UNet (with a time embedding) and the VAE (without). diffusers: models/resnet.py.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Div, Gather, Reshape, Scan } from '../../onnx/ops.ts'
import { elementCount } from '../../tensor/tensor.ts'
import { conv2d } from './conv.ts'
import { isInt8 } from './int8.ts'
import { linear } from './linear.ts'
import type { GroupNormConfig } from './norm.ts'
import { groupNorm, silu } from './norm.ts'
import { turnSize } from './turns.ts'

export interface ResnetConfig {
  outChannels: number
  norm: GroupNormConfig
  /** The sum of branch and residual is divided by it; 1 everywhere but in unusual mid blocks. */
  outputScaleFactor?: number
}

export interface TimeEmbedding {
  /** silu(time embedding) [B, T], computed once for all blocks. */
  activated: Value
  /** Frames of one video. */
  frames: number
}

/**
 * x [N, C, H, W] -> [N, outChannels, H, W]. N is B * F, or 2B * F with both halves of guidance; a row of the time embedding
 * serves all frames of its video.
 */
export function resnetBlock(graph: Graph, w: Weights, x: Value, config: ResnetConfig, temb?: TimeEmbedding): Value {
  const g = graph.at(w.path)
  const { outChannels } = config
  const vector = temb && linear(g, w.at('time_emb_proj'), temb.activated, outChannels) // [B, outChannels]
  const int8 = isInt8(w.at('conv1'), 'weight', [outChannels, x.shape[1]!, 3, 3])
  if (int8 && temb && vector) return g.tap(w.path, resnetTurns(g, w, x, config, vector, temb.frames))
  return g.tap(w.path, resnet(g, w, x, config, temb && vector && { vector, frames: temb.frames }))
}

/** What is added between the convolutions: a row of `vector` [B, C] for all frames of its video. */
interface Added {
  vector: Value
  frames: number
}

function resnet(g: Graph, w: Weights, x: Value, { outChannels, norm, outputScaleFactor = 1 }: ResnetConfig, added?: Added): Value {
  let hidden = conv2d(g, w.at('conv1'), silu(g, groupNorm(g, w.at('norm1'), x, norm)), outChannels)
  if (added) hidden = addPerVideo(g, hidden, added.vector, added.frames)
  hidden = conv2d(g, w.at('conv2'), silu(g, groupNorm(g, w.at('norm2'), hidden, norm)), outChannels)
  const residual = x.shape[1] === outChannels ? x : conv2d(g, w.at('conv_shortcut'), x, outChannels, { kernel: 1 })
  const sum = Add(g, residual, hidden)
  return outputScaleFactor === 1 ? sum : Div(g, sum, g.scalar(outputScaleFactor))
}

/**
 * The same, a few frames at a time: they do not see each other here. For int8 only, whose products take turns anyway; ONNX Runtime
 * does not lay out a float convolution's weights anew inside a loop.
 */
function resnetTurns(g: Graph, w: Weights, x: Value, config: ResnetConfig, vector: Value, frames: number): Value {
  const [count, ...rest] = x.shape as [number, ...number[]]
  const batch = vector.shape[0]!
  const some = turnSize(batch === 1 ? count : frames, elementCount(rest.slice(1)))
  const turns = count / some
  if (turns === 1) return resnet(g, w, x, config, { vector, frames: some })
  const rows = Array.from({ length: turns }, (_, turn) => Math.floor((turn * some) / frames) % batch)
  const vectors = Gather(g, vector, g.int64s(rows)) // [turns, outChannels]
  const joined = Scan(g, [Reshape(g, x, [turns, some, ...rest]), vectors], (body, [slice, row]) =>
    resnet(body, w, slice!, config, { vector: Reshape(body, row!, [1, config.outChannels]), frames: some }),
  ) // [turns, F', outChannels, H, W]
  return Reshape(g, joined, [count, ...joined.shape.slice(2)])
}

/** hidden [N, C, H, W] + vector [B, C], which video b's F frames share, in each of the N / (B * F) halves */
function addPerVideo(g: Graph, hidden: Value, vector: Value, frames: number): Value {
  const [count, channels, height, width] = hidden.shape
  const batch = vector.shape[0]!
  const grouped = Reshape(g, hidden, [count! / (batch * frames), batch, frames, channels!, height! * width!]) // [halves, B, F, C, H * W]
  const sum = Add(g, grouped, Reshape(g, vector, [1, batch, 1, channels!, 1]))
  return Reshape(g, sum, hidden.shape)
}
