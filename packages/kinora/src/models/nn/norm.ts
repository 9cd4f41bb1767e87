// Group and layer normalization. GroupNorm (Wu & He 2018) is written as LayerNormalization over rows
// of one group each: ONNX Runtime's CPU kernel for that is ten times faster than its
// GroupNormalization and subtracts the mean before squaring, which keeps torch's accuracy.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, ConstantOfShape, LayerNormalization, Mul, QuickGelu, Reshape } from '../../onnx/ops.ts'
import { elementCount } from '../../tensor/tensor.ts'
import { toTarget } from './edges.ts'
import { weight } from './weight.ts'

export interface GroupNormConfig {
  groups: number
  epsilon: number
}

/** x [N, C, ...D] -> same shape; statistics over each group of C / groups channels and all of D. */
export function groupNorm(graph: Graph, w: Weights, x: Value, config: GroupNormConfig): Value {
  const g = graph.at(w.path)
  const [batch, channels, ...rest] = x.shape
  const width = (channels! / config.groups) * elementCount(rest)
  const ones = g.once(`ones ${width}`, (root) => unitScale(root.at('ones'), width))
  const rows = Reshape(g, x, [batch! * config.groups, width]) // [N * groups, C / groups * D]
  const normalized = Reshape(g, LayerNormalization(g, rows, ones, undefined, config.epsilon), x.shape)
  const perChannel = [channels!, ...rest.map(() => 1)] // [C, 1, ...]
  const scaled = Mul(g, normalized, weight(g, w, 'weight', [channels!], perChannel))
  return Add(g, scaled, weight(g, w, 'bias', [channels!], perChannel))
}

function unitScale(g: Graph, width: number): Value {
  return toTarget(g, Add(g, ConstantOfShape(g, [width]), g.scalar(1, 'float32')))
}

/** x * sigmoid(x) */
export function silu(g: Graph, x: Value): Value {
  return QuickGelu(g, x, 1)
}

/** x [..., C] -> same shape, normalized over C; torch's default epsilon. */
export function layerNorm(graph: Graph, w: Weights, x: Value, epsilon = 1e-5): Value {
  const g = graph.at(w.path)
  const channels = x.shape.at(-1)!
  return LayerNormalization(g, x, weight(g, w, 'weight', [channels]), weight(g, w, 'bias', [channels]), epsilon)
}
