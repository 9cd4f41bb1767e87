// Two-dimensional convolution on [N, C, H, W], weights [O, C, K, K] as torch stores them.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Conv } from '../../onnx/ops.ts'
import { weight } from './weight.ts'

export interface Conv2dOptions {
  kernel?: number
  stride?: number
  padding?: number
}

/** x [N, C, H, W] -> [N, out, H', W']; default kernel 3, stride 1, padding 1. */
export function conv2d(graph: Graph, w: Weights, x: Value, outChannels: number, options: Conv2dOptions = {}): Value {
  const { kernel = 3, stride = 1, padding = (kernel - 1) / 2 } = options
  const g = graph.at(w.path)
  const weights = weight(g, w, 'weight', [outChannels, x.shape[1]!, kernel, kernel])
  const bias = weight(g, w, 'bias', [outChannels])
  return Conv(g, x, weights, bias, { strides: [stride, stride], pads: [padding, padding, padding, padding] })
}
