// TemporalConvLayer: four convolutions along the frame axis, each behind GroupNorm and SiLU, added to
// the input. Statistics run over all frames. diffusers: models/resnet.py; ModelScope: unet_sd.py.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Conv, Reshape, Transpose } from '../../onnx/ops.ts'
import { int8Matrix } from '../nn/int8.ts'
import { int8FrameConv } from '../nn/int8-conv.ts'
import type { GroupNormConfig } from '../nn/norm.ts'
import { groupNorm, silu } from '../nn/norm.ts'
import { weight } from '../nn/weight.ts'

/** Index of the convolution inside each Sequential: conv2..4 have a Dropout before it. */
const CONVOLUTIONS = [
  ['conv1', '2'],
  ['conv2', '3'],
  ['conv3', '3'],
  ['conv4', '3'],
] as const

/** x [B * F, C, H, W] -> same shape */
export function temporalConv(graph: Graph, w: Weights, x: Value, frames: number, groups: number): Value {
  const g = graph.at(w.path)
  const [batchFrames, channels, height, width] = x.shape
  const norm: GroupNormConfig = { groups, epsilon: 1e-5 }
  const byFrame = Reshape(g, x, [batchFrames! / frames, frames, channels!, height! * width!]) // [B, F, C, H * W]
  let hidden = Transpose(g, byFrame, [0, 2, 1, 3]) // [B, C, F, H * W]
  for (const [name, index] of CONVOLUTIONS) {
    const activated = silu(g, groupNorm(g, w.at(`${name}.0`), hidden, norm))
    hidden = frameConv(g, w.at(`${name}.${index}`), activated)
  }
  const back = Reshape(g, Transpose(g, hidden, [0, 2, 1, 3]), x.shape) // [B * F, C, H, W]
  return g.tap(w.path, Add(g, x, back))
}

/** x [B, C, F, H * W] -> same shape: kernel 3 along F, zero-padded. The stored [C, C, 3, 1, 1] is read as [C, C, 3, 1]. */
function frameConv(graph: Graph, w: Weights, x: Value): Value {
  const g = graph.at(w.path)
  const channels = x.shape[1]!
  const shape = [channels, channels, 3, 1, 1]
  const bias = weight(g, w, 'bias', [channels])
  const matrix = int8Matrix(g, w, 'weight', shape)
  if (matrix) return int8FrameConv(g, x, matrix, bias)
  return Conv(g, x, weight(g, w, 'weight', shape, [channels, channels, 3, 1]), bias, { pads: [1, 0, 1, 0] })
}
