// Operators that move elements, one function each under the operator's own name.
// https://onnx.ai/onnx/operators/

import type { Graph, Value } from '../graph.ts'
import { normalizeAxis, resolveShape } from '../shape.ts'

/** The same elements in another shape; one size may be -1. Costs nothing at run time. */
export function Reshape(g: Graph, x: Value, shape: readonly number[]): Value {
  const resolved = resolveShape('Reshape', x.shape, shape)
  return g.node('Reshape', [x, g.int64s(resolved)], { dtype: x.dtype, shape: resolved })
}

/** Axis i of the result is axis perm[i] of x. */
export function Transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  if ([...perm].sort((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== x.shape.length)
    throw new RangeError(`Transpose: [${perm}] is no permutation of the axes of [${x.shape}]`)
  return g.node('Transpose', [x], { dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]!) }, { attributes: { perm: { ints: perm } } })
}

/** Joins tensors along one axis. */
export function Concat(g: Graph, values: readonly Value[], axis: number): Value {
  const first = values[0]
  if (!first) throw new RangeError('Concat: needs at least one value')
  const at = normalizeAxis('Concat', axis, first.shape.length)
  for (const value of values)
    if (value.shape.some((size, i) => i !== at && size !== first.shape[i]))
      throw new RangeError(`Concat: [${value.shape}] and [${first.shape}] differ outside axis ${at}`)
  const total = values.reduce((sum, value) => sum + value.shape[at]!, 0)
  return g.node('Concat', values, { dtype: first.dtype, shape: first.shape.with(at, total) }, { attributes: { axis: { int: at } } })
}

/** Rows `indices` of `data` along axis 0: [N, ...] and [...I] -> [...I, ...] */
export function Gather(g: Graph, data: Value, indices: Value): Value {
  return g.node('Gather', [data, indices], { dtype: data.dtype, shape: [...indices.shape, ...data.shape.slice(1)] })
}

/** Elements start..end (exclusive) of one axis. */
export function Slice(g: Graph, x: Value, axis: number, start: number, end: number): Value {
  const at = normalizeAxis('Slice', axis, x.shape.length)
  if (start < 0 || end > x.shape[at]! || start >= end) throw new RangeError(`Slice: ${start}..${end} is outside [${x.shape}] on axis ${at}`)
  const inputs = [x, g.int64s([start]), g.int64s([end]), g.int64s([at])]
  return g.node('Slice', inputs, { dtype: x.dtype, shape: x.shape.with(at, end - start) })
}

/** Adds zeros, or a scalar `value`, before and after each axis: pads = [begin of every axis, end of every axis]. */
export function Pad(g: Graph, x: Value, pads: readonly number[], value?: Value): Value {
  const rank = x.shape.length
  if (pads.length !== 2 * rank) throw new RangeError(`Pad: [${pads}] does not fit [${x.shape}]`)
  const shape = x.shape.map((size, i) => size + pads[i]! + pads[i + rank]!)
  return g.node('Pad', value ? [x, g.int64s(pads), value] : [x, g.int64s(pads)], { dtype: x.dtype, shape })
}

/** Nearest-neighbour resize to `shape`: source index = floor(i * from / to), torch's mode="nearest". */
export function Resize(g: Graph, x: Value, shape: readonly number[]): Value {
  const attributes = {
    mode: { string: 'nearest' },
    coordinate_transformation_mode: { string: 'asymmetric' },
    nearest_mode: { string: 'floor' },
  }
  return g.node('Resize', [x, undefined, undefined, g.int64s(shape)], { dtype: x.dtype, shape }, { attributes })
}

/** [N, block^2 * C, H, W] -> [N, C, block * H, block * W]: channel (row * block + column) * C + c goes to that place of each block of pixels. */
export function DepthToSpace(g: Graph, x: Value, block: number): Value {
  const [batch, channels, height, width] = x.shape
  if (x.shape.length !== 4 || channels! % block ** 2 !== 0) throw new RangeError(`DepthToSpace: [${x.shape}] in blocks of ${block}`)
  const shape = [batch!, channels! / block ** 2, height! * block, width! * block]
  return g.node('DepthToSpace', [x], { dtype: x.dtype, shape }, { attributes: { blocksize: { int: block }, mode: { string: 'DCR' } } })
}

/** A tensor filled with one float32 number, made at load and not stored in the model. */
export function ConstantOfShape(g: Graph, shape: readonly number[]): Value {
  return g.node('ConstantOfShape', [g.int64s(shape)], { dtype: 'float32', shape })
}
