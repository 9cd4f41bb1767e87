// Puts a checkpoint's tensors into a graph as float32 values: external initializers where they are
// float32 already, behind a Cast (folded by the engine at load) where they are half or double.

import type { Weight, Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import { Cast } from '../../onnx/ops.ts'
import { bytesPerElement, elementCount, tensorFromBytes } from '../../tensor/tensor.ts'

/** The tensor `name` below `w`, as float32. `as` gives the same bytes another shape of equal size. */
export function weight(g: Graph, w: Weights, name: string, shape: readonly number[], as: readonly number[] = shape): Value {
  return place(g, w.get(name, shape), as)
}

/** Rows start..end of axis 0 of a tensor: a contiguous part of its bytes, so nothing is copied. */
export function weightRows(g: Graph, w: Weights, name: string, shape: readonly number[], start: number, end: number): Value {
  const whole = w.get(name, shape)
  const part = [end - start, ...shape.slice(1)]
  const rowBytes = elementCount(shape.slice(1)) * bytesPerElement(whole.dtype)
  const byteOffset = whole.byteOffset + start * rowBytes
  const data = whole.data && { data: whole.data.subarray(start * rowBytes, end * rowBytes) }
  return place(g, { ...whole, ...data, name: `${whole.name}[${start}:${end}]`, byteOffset, byteLength: (end - start) * rowBytes }, part)
}

function place(g: Graph, source: Weight, shape: readonly number[]): Value {
  const { name, dtype, path, byteOffset, byteLength, data } = source
  const value = g.external(name, dtype, shape, data ? tensorFromBytes(dtype, shape, data) : { path, byteOffset, byteLength })
  return dtype === 'float32' ? value : g.once(`float32 ${name}`, () => Cast(g.at(name), value, 'float32'))
}
