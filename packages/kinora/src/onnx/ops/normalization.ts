// Normalization operators under their own names, Softmax among them. https://onnx.ai/onnx/operators/

import type { Graph, Value } from '../graph.ts'

/** (x - mean) / sqrt(variance + epsilon) * scale + bias over the last axis; scale and bias are [last axis]. */
export function LayerNormalization(g: Graph, x: Value, scale: Value, bias: Value | undefined, epsilon: number): Value {
  const width = x.shape.at(-1)
  if (scale.shape.length !== 1 || scale.shape[0] !== width)
    throw new RangeError(`LayerNormalization: scale [${scale.shape}] for [${x.shape}]`)
  const attributes = { axis: { int: x.shape.length - 1 }, epsilon: { float: epsilon } }
  return g.node('LayerNormalization', bias ? [x, scale, bias] : [x, scale], x, { attributes })
}

/** exp(x) / sum(exp(x)) over the last axis */
export function Softmax(g: Graph, x: Value): Value {
  return g.node('Softmax', [x], x, { attributes: { axis: { int: x.shape.length - 1 } } })
}
