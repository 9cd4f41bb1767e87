// Nearest-neighbour upsampling and the 3x3 convolution after it. Doubling repeats every pixel, so each of
// the four pixels that one becomes sees only 2x2 different ones: four 2x2 convolutions of the small image
// replace the 3x3 one of the large image, with 16 products instead of 36. Their kernels are sums of its taps.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Add, Concat, Conv, DepthToSpace, Resize, Slice } from '../../onnx/ops.ts'
import { conv2d } from './conv.ts'
import { int8Matrix } from './int8.ts'
import { int8Conv2d } from './int8-conv.ts'
import { weight } from './weight.ts'

/** x [N, C, h, w] -> [N, outChannels, height, width], where height and width are about twice h and w. */
export function upsampleConv(graph: Graph, w: Weights, x: Value, outChannels: number, [height, width]: readonly [number, number]): Value {
  const g = graph.at(w.path)
  const [batch, channels, h, wide] = x.shape
  const matrix = int8Matrix(g, w, 'weight', [outChannels, channels!, 3, 3])
  const window = { kernel: 3, stride: 1, padding: 1, enlarged: [height, width] } as const
  if (matrix) return int8Conv2d(g, x, matrix, weight(g, w, 'bias', [outChannels]), window)
  if (height !== 2 * h! || width !== 2 * wide!) return conv2d(g, w, Resize(g, x, [batch!, channels!, height, width]), outChannels)
  const kernel = weight(g, w, 'weight', [outChannels, channels!, 3, 3])
  const bias = weight(g, w, 'bias', [outChannels])
  const phases = [0, 1].flatMap((row) =>
    [0, 1].map((column) => Conv(g, x, phaseKernel(g.root, kernel, row, column), bias, { pads: [1 - row, 1 - column, row, column] })),
  )
  return DepthToSpace(g, Concat(g, phases, 1), 2) // [N, 4 * O, h, w] -> [N, O, 2h, 2w]
}

/** [O, C, 3, 3] -> [O, C, 2, 2]: what the pixel at this row and column of each group of four sees. */
function phaseKernel(root: Graph, kernel: Value, row: number, column: number): Value {
  return foldTaps(root, foldTaps(root, kernel, 2, row), 3, column)
}

/** Three taps along an axis to two: the first pixel of a pair sees (0), (1 + 2), the second one (0 + 1), (2). */
function foldTaps(root: Graph, kernel: Value, axis: number, phase: number): Value {
  const [first, second, third] = [0, 1, 2].map((tap) => Slice(root, kernel, axis, tap, tap + 1)) as [Value, Value, Value]
  return Concat(root, phase === 0 ? [first, Add(root, second, third)] : [Add(root, first, second), third], axis)
}
