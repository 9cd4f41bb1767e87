// The one value that layers hand to each other: a dtype, a shape and row-major data. No views, no
// strides, no operator overloading; arithmetic lives where it is needed (schedulers, pipelines).

/** Typed array that holds each dtype; float16 and bfloat16 are kept as their 16-bit codes. */
export interface DataOf {
  float64: Float64Array
  float32: Float32Array
  float16: Uint16Array
  bfloat16: Uint16Array
  int64: BigInt64Array
  int32: Int32Array
  int16: Int16Array
  int8: Int8Array
  uint8: Uint8Array
  bool: Uint8Array
}

export type DType = keyof DataOf

export interface Tensor<D extends DType = DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  readonly data: DataOf[D]
}

const ARRAYS = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} satisfies { [D in DType]: new (length: number) => DataOf[D] }

/** Bytes of one element. */
export function bytesPerElement(dtype: DType): number {
  return ARRAYS[dtype].BYTES_PER_ELEMENT
}

/** Number of elements of a shape; 1 for a scalar `[]`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Wraps `data`, or allocates zeros. Throws RangeError when the length does not match the shape. */
export function tensor<D extends DType>(dtype: D, shape: readonly number[], data?: DataOf[D]): Tensor<D> {
  const count = elementCount(shape)
  const values = data ?? (new ARRAYS[dtype](count) as DataOf[D])
  if (values.length !== count) throw new RangeError(`tensor [${shape}] needs ${count} elements, got ${values.length}`)
  return { dtype, shape: [...shape], data: values }
}

/** Copies bytes (any alignment, little-endian) into a tensor of the given dtype and shape. */
export function tensorFromBytes<D extends DType>(dtype: D, shape: readonly number[], bytes: Uint8Array): Tensor<D> {
  const copy = new Uint8Array(bytes).buffer
  return tensor(dtype, shape, new ARRAYS[dtype](copy as never) as DataOf[D])
}
