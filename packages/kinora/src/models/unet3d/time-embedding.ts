// Sinusoidal timestep embedding (Vaswani et al. 2017, cosines first) and the two-layer network after
// it, with the optional condition of distilled models added before the first layer.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Concat, Cos, Mul, Reshape, Sin } from '../../onnx/ops.ts'
import { tensor } from '../../tensor/tensor.ts'
import { toTarget } from '../nn/edges.ts'
import { linear } from '../nn/linear.ts'
import { silu } from '../nn/norm.ts'
import type { UNet3DConfig } from './config.ts'

const MAX_PERIOD = 10000

/** timestep [B] -> [B, channels]: cos(t f) then sin(t f), f_i = 10000^(-i / (channels / 2)). In float32: half floats know no angle near 1000. */
function timesteps(g: Graph, timestep: Value, channels: number): Value {
  const half = Math.floor(channels / 2)
  const frequencies = Float32Array.from({ length: half }, (_, i) => Math.exp(Math.fround((-Math.log(MAX_PERIOD) * i) / half)))
  const column = Reshape(g, timestep, [timestep.shape[0]!, 1])
  const angles = Mul(g, column, g.constant(tensor('float32', [1, half], frequencies))) // [B, channels / 2]
  return Concat(g, [Cos(g, angles), Sin(g, angles)], 1)
}

/** timestep [B], condition [B, time_cond_proj_dim] when the config has one -> [B, 4 * block_out_channels[0]] */
export function timeEmbedding(graph: Graph, w: Weights, timestep: Value, config: UNet3DConfig, condition: Value | undefined): Value {
  const g = graph.at(w.path)
  const channels = config.blockOutChannels[0]!
  let embedded = toTarget(g, timesteps(g, timestep, channels))
  if (condition) embedded = Add(g, embedded, linear(g, w.at('cond_proj'), condition, channels, { bias: false }))
  const hidden = silu(g, linear(g, w.at('linear_1'), embedded, channels * 4))
  return g.tap(w.path, linear(g, w.at('linear_2'), hidden, channels * 4))
}
