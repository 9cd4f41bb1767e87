// Two-dimensional convolution on [N, C, H, W], weights [O, C, K, K] as torch stores them.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Conv } from '../../onnx/ops.ts'
import { int8Matrix } from './int8.ts'
import { int8Conv2d } from './int8-conv.ts'
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
  const shape = [outChannels, x.shape[1]!, kernel, kernel]
  const bias = weight(g, w, 'bias', [outChannels])
  const matrix = int8Matrix(g, w, 'weight', shape)
  if (matrix) return int8Conv2d(g, x, matrix, bias, { kernel, stride, padding })
  return Conv(g, x, weight(g, w, 'weight', shape), bias, { strides: [stride, stride], pads: [padding, padding, padding, padding] })
}
