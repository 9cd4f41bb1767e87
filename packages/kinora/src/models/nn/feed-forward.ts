// Feed-forward layer with a gated GELU (Shazeer 2020, "GLU Variants Improve Transformer"):
// net.2(hidden * gelu(gate)), where hidden and gate are the two halves of net.0.proj's output.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Concat, Gelu, Mul, Reshape, Slice } from '../../onnx/ops.ts'
import { linear } from './linear.ts'

/** Rows are computed in parts whose hidden halves take about this many bytes, which a CPU's cache can hold. */
const PART_BYTES = 2 ** 24

/**
 * x [..., C] -> [..., C]. Rows do not depend on each other, so they are computed in parts: the hidden halves, four times as
 * wide as x, are the largest tensors of a UNet and would decide its peak memory. The halves are two products, so that
 * nothing has to be split.
 */
export function feedForward(graph: Graph, w: Weights, x: Value): Value {
  const g = graph.at(w.path)
  const width = x.shape.at(-1)!
  const rows = Reshape(g, x, [-1, width]) // [N, C]
  const count = rows.shape[0]!
  const size = Math.max(1, Math.floor(PART_BYTES / (4 * width * Float32Array.BYTES_PER_ELEMENT)))
  if (count <= size) return gated(g, w, x)
  const parts: Value[] = []
  for (let start = 0; start < count; start += size) parts.push(gated(g, w, Slice(g, rows, 0, start, Math.min(start + size, count))))
  return Reshape(g, Concat(g, parts, 0), x.shape)
}

function gated(g: Graph, w: Weights, x: Value): Value {
  const width = x.shape.at(-1)!
  const inner = 4 * width
  const projection = w.at('net.0.proj')
  const hidden = linear(g, projection, x, 2 * inner, { columns: [0, inner] })
  const gate = linear(g, projection, x, 2 * inner, { columns: [inner, 2 * inner] })
  return linear(g, w.at('net.2'), Mul(g, hidden, Gelu(g, gate)), width)
}
