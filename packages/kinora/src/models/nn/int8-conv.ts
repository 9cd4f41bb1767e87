// Convolutions with int8 weights, as products: rows of one pixel are quantized, and a Gather with constant
// indices lays the rows under the kernel side by side (Chellapilla et al. 2006, "im2col"). A turn's rows stay
// in the CPU's cache. Stride, padding and a nearest-neighbour enlargement are all in the indices.

import type { Graph, Value } from '../../onnx/graph.ts'
import type { Quantized, QuantizedMatrix } from '../../onnx/ops.ts'
import { Concat, DepthToSpace, DynamicQuantizeLinear, Gather, MatMulIntegerToFloat, Pad, Reshape, Scan, Transpose } from '../../onnx/ops.ts'
import { elementCount, tensor } from '../../tensor/tensor.ts'
import { PHASES } from './phases.ts'
import { turnSize } from './turns.ts'

export interface Window {
  kernel: number
  stride: number
  /** Before the picture and behind it, or before its rows and columns alone where the result is as large as the picture. */
  padding: number | readonly [number, number]
  /** Height and width that the picture is enlarged to before it; its own when left out. */
  enlarged?: readonly [number, number]
}

/** x [N, C, H, W], matrix [kernel^2 * C, O], bias [O] -> [N, O, H', W'] */
export function int8Conv2d(g: Graph, x: Value, matrix: QuantizedMatrix, bias: Value, window: Window): Value {
  const size = [outSize(window, 0, x.shape[2]!), outSize(window, 1, x.shape[3]!)] as const
  return inTurns(g, x, size, (body, some) => {
    const pixels = pixelRows(body, some)
    return windowResults(body, pixels, some.shape, matrix, bias, window)
  })
}

/** x [N, C, h, w] doubled, then a 3x3 convolution, given as the matrices [4 * C, O] of its phases -> [N, O, 2h, 2w] */
export function int8Doubled(g: Graph, x: Value, phases: readonly QuantizedMatrix[], bias: Value): Value {
  return inTurns(g, x, [x.shape[2]!, x.shape[3]!], (body, some) => {
    const pixels = pixelRows(body, some)
    const results = PHASES.map(({ row, column }, i) =>
      windowResults(body, pixels, some.shape, phases[i]!, bias, { kernel: 2, stride: 1, padding: [1 - row, 1 - column] }),
    )
    return DepthToSpace(body, Concat(body, results, 1), 2)
  })
}

/** x [N, C, H, W] through `work`, whose products have a row for each of so many pixels, a few pictures at a time. */
function inTurns(g: Graph, x: Value, [height, width]: readonly [number, number], work: (g: Graph, some: Value) => Value): Value {
  const [count, ...rest] = x.shape as [number, ...number[]]
  const some = turnSize(count, height * width)
  if (some === count) return work(g, x)
  const joined = Scan(g, [Reshape(g, x, [count / some, some, ...rest])], (body, [slice]) => work(body, slice!))
  return Reshape(g, joined, [count, ...joined.shape.slice(2)])
}

/** pixels of pictures [N, C, H, W] under the window -> [N, O, H', W'] */
function windowResults(g: Graph, pixels: Quantized, shape: readonly number[], matrix: QuantizedMatrix, bias: Value, window: Window): Value {
  const [count, , height, width] = shape as [number, number, number, number]
  const [outHeight, outWidth] = [outSize(window, 0, height), outSize(window, 1, width)]
  const key = `window ${JSON.stringify(window)} ${count}x${height}x${width}`
  const indices = g.once(key, (root) => indexConstant(root, windowIndices(window, count, height, width)))
  const rows = windowProduct(g, pixels, indices, count * outHeight * outWidth, matrix, bias) // [N * H' * W', O]
  const outChannels = matrix.values.shape[1]!
  const perPicture = Reshape(g, rows, [count, outHeight * outWidth, outChannels])
  return Reshape(g, Transpose(g, perPicture, [0, 2, 1]), [count, outChannels, outHeight, outWidth])
}

/** x [B, C, F, P], matrix [3 * C, O], bias [O] -> [B, O, F, P]: kernel 3 along F, zero-padded. */
export function int8FrameConv(g: Graph, x: Value, matrix: QuantizedMatrix, bias: Value): Value {
  const [batch, , frames, area] = x.shape as [number, number, number, number]
  const total = batch * frames * area
  const size = turnSize(total, 1)
  const indices = g.once(`frames ${batch}x${frames}x${area}`, (root) => indexConstant(root, frameIndices(batch, frames, area)))
  const pixels = pixelRows(g, x)
  const rows = Scan(g, [Reshape(g, indices, [total / size, size * 3])], (body, [some]) => {
    return windowProduct(body, pixels, some!, size, matrix, bias)
  }) // [turns, size, O]
  const outChannels = matrix.values.shape[1]!
  const perVideo = Reshape(g, rows, [batch, frames * area, outChannels])
  return Reshape(g, Transpose(g, perVideo, [0, 2, 1]), [batch, outChannels, frames, area])
}

/** x [N, C, ...P] -> the pixels as uint8 rows [N * P + 1, C]; the last row is zeros, for what the padding adds. */
function pixelRows(g: Graph, x: Value): Quantized {
  const [count, channels, ...places] = x.shape as [number, number, ...number[]]
  const area = elementCount(places)
  const quantized = DynamicQuantizeLinear(g, Reshape(g, x, [count, channels, area]))
  const rows = Reshape(g, Transpose(g, quantized.values, [0, 2, 1]), [count * area, channels])
  return { ...quantized, values: Pad(g, rows, [0, 0, 1, 0], quantized.zeroPoint) }
}

/** Gathers the rows under the kernel for each of `count` results, and multiplies: -> [count, O] */
function windowProduct(g: Graph, pixels: Quantized, indices: Value, count: number, matrix: QuantizedMatrix, bias: Value): Value {
  const width = (elementCount(indices.shape) / count) * pixels.values.shape[1]!
  const columns = Reshape(g, Gather(g, pixels.values, indices), [count, width]) // [count, positions * C]
  return MatMulIntegerToFloat(g, { ...pixels, values: columns }, matrix, bias)
}

function outSize({ kernel, stride, padding, enlarged }: Window, axis: 0 | 1, size: number): number {
  if (typeof padding !== 'number') return size
  return Math.floor(((enlarged?.[axis] ?? size) + 2 * padding - kernel) / stride) + 1
}

/** For each result of each frame, row by row: the pixel rows under the kernel. */
function windowIndices(window: Window, frames: number, height: number, width: number): Int32Array {
  const columns = sources(window, 1, width)
  const inFrame = sources(window, 0, height).flatMap((row) =>
    columns.flatMap((column) => row.flatMap((y) => column.map((x) => (y < 0 || x < 0 ? -1 : y * width + x)))),
  )
  const area = height * width
  return Int32Array.from({ length: frames * inFrame.length }, (_, i) => {
    const at = inFrame[i % inFrame.length]!
    return at < 0 ? frames * area : Math.floor(i / inFrame.length) * area + at
  })
}

/** Along one axis, for each result: the source of every kernel position, -1 outside. */
function sources(window: Window, axis: 0 | 1, size: number): number[][] {
  const { kernel, stride, padding, enlarged } = window
  const full = enlarged?.[axis] ?? size
  const before = typeof padding === 'number' ? padding : padding[axis]
  return Array.from({ length: outSize(window, axis, size) }, (_, out) =>
    Array.from({ length: kernel }, (_, position) => {
      const at = out * stride + position - before
      return at < 0 || at >= full ? -1 : Math.floor((at * size) / full)
    }),
  )
}

/** For each pixel of each frame: its row in the frame before, its own, and the one in the frame after. */
function frameIndices(batch: number, frames: number, area: number): Int32Array {
  const indices = new Int32Array(batch * frames * area * 3)
  const outside = batch * frames * area
  let at = 0
  for (let row = 0; row < outside; row++) {
    const frame = Math.floor(row / area) % frames
    for (const step of [-1, 0, 1]) indices[at++] = frame + step < 0 || frame + step >= frames ? outside : row + step * area
  }
  return indices
}

function indexConstant(root: Graph, indices: Int32Array): Value {
  return root.at('').constant(tensor('int32', [indices.length], indices))
}
