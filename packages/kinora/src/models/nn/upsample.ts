// Nearest-neighbour upsampling and the 3x3 convolution after it. Where the image is doubled, four 2x2
// convolutions of the small one (phases.ts) replace that of the large one, with 16 products instead of 36.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Concat, Conv, DepthToSpace, Resize } from '../../onnx/ops.ts'
import { conv2d } from './conv.ts'
import { int8Matrix, int8Phases } from './int8.ts'
import { int8Conv2d, int8Doubled } from './int8-conv.ts'
import { PHASES, phaseKernel } from './phases.ts'
import { weight } from './weight.ts'

/** x [N, C, h, w] -> [N, outChannels, height, width], where height and width are about twice h and w. */
export function upsampleConv(graph: Graph, w: Weights, x: Value, outChannels: number, [height, width]: readonly [number, number]): Value {
  const g = graph.at(w.path)
  const [batch, channels, h, wide] = x.shape
  const shape = [outChannels, channels!, 3, 3]
  const doubled = height === 2 * h! && width === 2 * wide!
  const matrix = int8Matrix(g, w, 'weight', shape)
  if (matrix) {
    const bias = weight(g, w, 'bias', [outChannels])
    const phases = int8Phases(g, w, 'weight', shape) // taken at every size: a weight that nothing takes is refused
    return doubled
      ? int8Doubled(g, x, phases, bias)
      : int8Conv2d(g, x, matrix, bias, { kernel: 3, stride: 1, padding: 1, enlarged: [height, width] })
  }
  if (!doubled) return conv2d(g, w, Resize(g, x, [batch!, channels!, height, width]), outChannels)
  const kernel = weight(g, w, 'weight', shape)
  const bias = weight(g, w, 'bias', [outChannels])
  const phases = PHASES.map((phase) => {
    const { row, column } = phase
    return Conv(g, x, phaseKernel(g.root, kernel, phase), bias, { pads: [1 - row, 1 - column, row, column] })
  })
  return DepthToSpace(g, Concat(g, phases, 1), 2) // [N, 4 * O, h, w] -> [N, O, 2h, 2w]
}
