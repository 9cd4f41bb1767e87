// Feed-forward layer with a gated GELU (Shazeer 2020, "GLU Variants Improve Transformer"):
// net.2(hidden * gelu(gate)), where hidden and gate are the two halves of net.0.proj's output.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Gelu, Mul } from '../../onnx/ops.ts'
import { linear } from './linear.ts'

/** x [..., C] -> [..., C]. The halves are two products, so that nothing has to be split. */
export function feedForward(graph: Graph, w: Weights, x: Value): Value {
  const g = graph.at(w.path)
  const width = x.shape.at(-1)!
  const inner = 4 * width
  const projection = w.at('net.0.proj')
  const hidden = linear(g, projection, x, 2 * inner, { columns: [0, inner] })
  const gate = linear(g, projection, x, 2 * inner, { columns: [inner, 2 * inner] })
  return linear(g, w.at('net.2'), Mul(g, hidden, Gelu(g, gate)), width)
}
