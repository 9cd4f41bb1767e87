// Strided views: whether one is row-major as it lies, how far it reaches, and its elements in row-major
// order. Shapes and strides count elements; a stride of 0 repeats them.

import { elementCount } from '../../tensor/tensor.ts'

/** Whether the elements lie one after the other. Axes of size 1 may have any stride. */
export function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false
    expected *= shape[axis]!
  }
  return true
}

/** Number of elements from the first to the last that the view touches; 0 for an empty view. */
export function reach(shape: readonly number[], stride: readonly number[]): number {
  if (elementCount(shape) === 0) return 0
  return shape.reduce((last, size, axis) => last + (size - 1) * stride[axis]!, 1)
}

/** The view's elements in row-major order; `source` holds what it reaches. */
export function gather(source: Uint8Array, shape: readonly number[], stride: readonly number[], elementBytes: number): Uint8Array {
  const unit = Math.min(elementBytes, 4)
  const parts = elementBytes / unit
  // An element of 8 or 16 bytes is one more axis of 4-byte units, copied as bits.
  const axes = [...shape.map((size, axis) => ({ size, step: stride[axis]! * parts })), { size: parts, step: 1 }].filter(
    ({ size }) => size !== 1,
  )
  const out = new Uint8Array(elementCount(shape) * elementBytes)
  const [from, to] = [words(source, unit), words(out, unit)]
  let next = 0
  const copy = (axis: number, start: number): void => {
    const { size, step } = axes[axis] ?? { size: 1, step: 0 }
    if (axis < axes.length - 1) for (let i = 0; i < size; i++) copy(axis + 1, start + i * step)
    else for (let i = 0; i < size; i++) to[next++] = from[start + i * step]!
  }
  copy(0, 0)
  return out
}

function words(bytes: Uint8Array, unit: number): Uint8Array | Uint16Array | Uint32Array {
  if (unit === 1) return bytes
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % unit === 0 ? bytes : bytes.slice()
  return unit === 2 ? new Uint16Array(buffer, byteOffset, byteLength / 2) : new Uint32Array(buffer, byteOffset, byteLength / 4)
}
