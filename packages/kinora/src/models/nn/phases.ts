// The four 2x2 kernels that a 3x3 kernel becomes after doubling. Doubling repeats every pixel, so each of the
// four pixels that one becomes sees only 2x2 different ones; their kernels are sums of the taps.

import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Concat, Slice } from '../../onnx/ops.ts'

/** Row and column of a pixel in its group of four. */
export interface Phase {
  readonly row: number
  readonly column: number
}

/** In the order in which DepthToSpace puts them together. */
export const PHASES: readonly Phase[] = [0, 1].flatMap((row) => [0, 1].map((column) => ({ row, column })))

/** [O, C, 3, 3] -> [O, C, 2, 2]: what the pixel at this place of each group sees. */
export function phaseKernel(g: Graph, kernel: Value, { row, column }: Phase): Value {
  return foldTaps(g, foldTaps(g, kernel, 2, row), 3, column)
}

/** Three taps along an axis to two: the first pixel of a pair sees (0), (1 + 2), the second one (0 + 1), (2). */
function foldTaps(g: Graph, kernel: Value, axis: number, phase: number): Value {
  const [first, second, third] = [0, 1, 2].map((tap) => Slice(g, kernel, axis, tap, tap + 1)) as [Value, Value, Value]
  return Concat(g, phase === 0 ? [first, Add(g, second, third)] : [Add(g, first, second), third], axis)
}
