// Where a graph meets the outside: inputs and outputs are float32 whatever the graph computes in, so that
// schedulers, guidance and files know one type only.

import type { Graph, Value } from '../../onnx/graph.ts'
import { Cast } from '../../onnx/ops.ts'

/** The same numbers in the type that the graph computes in. */
export function toTarget(g: Graph, x: Value): Value {
  return x.dtype === g.target.dtype ? x : Cast(g, x, g.target.dtype)
}

/** A float32 input, in the type that the graph computes in. */
export function floatInput(g: Graph, name: string, shape: readonly number[]): Value {
  return toTarget(g, g.input(name, 'float32', shape))
}

/** Makes a result of the graph, in float32. */
export function floatOutput(g: Graph, name: string, x: Value): Value {
  return g.output(name, x.dtype === 'float32' ? x : Cast(g, x, 'float32'))
}
