// Element types of torch, by the names that its files use: a storage's class (`torch.FloatStorage`) or a
// dtype object (`torch.float32`). Types that Kinora does not compute with are known by their size, so
// that the rest of the file can be read.

import type { DType } from '../../tensor/tensor.ts'

export interface TorchType {
  /** As torch prints it, `torch.float32`. */
  readonly name: string
  /** Undefined where Kinora has no such dtype. */
  readonly dtype: DType | undefined
  readonly bytes: number
}

const type = (name: string, bytes: number, dtype?: DType): TorchType => ({ name: `torch.${name}`, dtype, bytes })

/** Bytes without a type, as `torch.storage.UntypedStorage` holds them. */
const UNTYPED = type('uint8', 1, 'uint8')

const WITH_STORAGE: readonly (readonly [string, TorchType])[] = [
  ['DoubleStorage', type('float64', 8, 'float64')],
  ['FloatStorage', type('float32', 4, 'float32')],
  ['HalfStorage', type('float16', 2, 'float16')],
  ['BFloat16Storage', type('bfloat16', 2, 'bfloat16')],
  ['LongStorage', type('int64', 8, 'int64')],
  ['IntStorage', type('int32', 4, 'int32')],
  ['ShortStorage', type('int16', 2, 'int16')],
  ['CharStorage', type('int8', 1, 'int8')],
  ['ByteStorage', UNTYPED],
  ['BoolStorage', type('bool', 1, 'bool')],
  ['ComplexFloatStorage', type('complex64', 8)],
  ['ComplexDoubleStorage', type('complex128', 16)],
  ['QUInt8Storage', type('quint8', 1)],
  ['QInt8Storage', type('qint8', 1)],
  ['QInt32Storage', type('qint32', 4)],
  ['QUInt4x2Storage', type('quint4x2', 1)],
  ['QUInt2x4Storage', type('quint2x4', 1)],
  ['UntypedStorage', UNTYPED],
]

/** Newer types have no storage class of their own. */
const WITHOUT_STORAGE = [
  type('uint16', 2),
  type('uint32', 4),
  type('uint64', 8),
  type('complex32', 4),
  type('float8_e4m3fn', 1),
  type('float8_e4m3fnuz', 1),
  type('float8_e5m2', 1),
  type('float8_e5m2fnuz', 1),
  type('float8_e8m0fnu', 1),
]

/** Storage class -> element type. A storage that lived on a GPU names `torch.cuda` in old files. */
export const STORAGE_TYPES: ReadonlyMap<string, TorchType> = new Map(
  ['torch', 'torch.cuda', 'torch.storage'].flatMap((module) => WITH_STORAGE.map(([name, found]) => [`${module}.${name}`, found])),
)

/** dtype object -> element type. */
export const DTYPES: ReadonlyMap<string, TorchType> = new Map(
  [...WITH_STORAGE.map(([, found]) => found), ...WITHOUT_STORAGE].map((found) => [found.name, found]),
)
