// Convolution under the operator's own name. https://onnx.ai/onnx/operators/onnx__Conv.html

import type { Graph, Value } from '../graph.ts'

export interface ConvOptions {
  /** Per spatial axis; default 1. */
  strides?: readonly number[]
  /** Zeros before every spatial axis, then after every one; default 0. */
  pads?: readonly number[]
}

/** x [N, C, ...D], weight [O, C, ...K], bias [O] -> [N, O, ...(D + pads - K) / stride + 1] */
export function Conv(g: Graph, x: Value, weight: Value, bias: Value | undefined, options: ConvOptions = {}): Value {
  const spatial = x.shape.length - 2
  const kernel = weight.shape.slice(2)
  const { strides = kernel.map(() => 1), pads = [...kernel, ...kernel].map(() => 0) } = options
  if (kernel.length !== spatial || weight.shape[1] !== x.shape[1] || strides.length !== spatial || pads.length !== 2 * spatial)
    throw new RangeError(`Conv: input [${x.shape}], weight [${weight.shape}], strides [${strides}], pads [${pads}]`)
  const sizes = kernel.map((size, i) => Math.floor((x.shape[i + 2]! + pads[i]! + pads[i + spatial]! - size) / strides[i]!) + 1)
  const attributes = { kernel_shape: { ints: kernel }, strides: { ints: strides }, pads: { ints: pads } }
  return g.node('Conv', [x, weight, bias], { dtype: x.dtype, shape: [x.shape[0]!, weight.shape[0]!, ...sizes] }, { attributes })
}
