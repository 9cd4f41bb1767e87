// Linear layer: y = x W^T + b over the last axis, W [out, in] as torch stores it.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Gemm, Reshape, Transpose } from '../../onnx/ops.ts'
import { int8ChannelProduct, int8Matrix, int8Product } from './int8.ts'
import { weight, weightRows } from './weight.ts'

export interface LinearOptions {
  /** Default true. */
  bias?: boolean
  /** Only these output columns, as if the layer were split: [start, end). */
  columns?: readonly [number, number]
}

/** x [..., in] -> [..., out] (or the chosen columns of it) */
export function linear(graph: Graph, w: Weights, x: Value, outFeatures: number, options: LinearOptions = {}): Value {
  const { bias = true, columns = [0, outFeatures] } = options
  const g = graph.at(w.path)
  const inFeatures = x.shape.at(-1)!
  const [start, end] = columns
  const whole = start === 0 && end === outFeatures
  const rows = (name: string, shape: number[]) => (whole ? weight(g, w, name, shape) : weightRows(g, w, name, shape, start, end))
  const matrix = int8Matrix(g, w, 'weight', [outFeatures, inFeatures], columns)
  if (matrix) return int8Product(g, x, matrix, bias ? rows('bias', [outFeatures]) : undefined)
  const kernel = rows('weight', [outFeatures, inFeatures])
  const flat = x.shape.length === 2 ? x : Reshape(g, x, [-1, inFeatures]) // [N, in]
  const y = Gemm(g, flat, kernel, bias ? rows('bias', [outFeatures]) : undefined) // [N, out]
  return x.shape.length === 2 ? y : Reshape(g, y, [...x.shape.slice(0, -1), end - start])
}

/** x [N, in, P], channels before places as convolutions have them -> [N, P, out] */
export function channelLinear(graph: Graph, w: Weights, x: Value, outFeatures: number): Value {
  const g = graph.at(w.path)
  const matrix = int8Matrix(g, w, 'weight', [outFeatures, x.shape[1]!])
  if (matrix) return int8ChannelProduct(g, x, matrix, weight(g, w, 'bias', [outFeatures]))
  return linear(graph, w, Transpose(g, x, [0, 2, 1]), outFeatures)
}
