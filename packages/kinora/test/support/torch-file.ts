// Writes PyTorch checkpoint files for tests, in both of torch.save's formats. `torch.load` reads them;
// hostile ones are made by giving pickle nodes, entries or zip fields of one's own.

import { type DType, elementCount, type Tensor } from '../../src/tensor/tensor.ts'
import { type Py, type PyNode, pickle, pyCall, pyGlobal, pyOrderedDict, pyPersistent, pyTuple } from './pickle-file.ts'
import { type ZipEntry, type ZipOptions, zipFile } from './zip-file.ts'

/** What a checkpoint may hold: tensors beside Python values, nested at will. */
export type TorchValue = Tensor | StridedTensor | Py | readonly TorchValue[] | { readonly [key: string]: TorchValue }

/** A view of another tensor's data, as `torch.as_strided` makes it; units are elements. */
export class StridedTensor {
  readonly base: Tensor
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  readonly offset: number
  constructor(base: Tensor, shape: readonly number[], stride: readonly number[], offset = 0) {
    this.base = base
    this.shape = shape
    this.stride = stride
    this.offset = offset
  }
}

export interface TorchZipOptions extends ZipOptions {
  /** Folder of all entries; torch uses the file's name. */
  folder?: string
  /** Storages and pickle as deflated entries, which torch reads but never writes. */
  deflated?: boolean
  /** Content of the entry `byteorder`; null leaves it out, as torch before 2.1 did. */
  byteorder?: string | null
  /** Last change to the entries: a place for lies. */
  change?: (entries: ZipEntry[]) => ZipEntry[]
}

const STORAGES: Readonly<Record<DType, string>> = {
  float64: 'DoubleStorage',
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  int64: 'LongStorage',
  int32: 'IntStorage',
  int16: 'ShortStorage',
  int8: 'CharStorage',
  uint8: 'ByteStorage',
  bool: 'BoolStorage',
}

/** The bytes of `torch.save(value, path)`. Tensors over the same array share a storage. */
export function torchZip(value: TorchValue, options: TorchZipOptions = {}): Uint8Array {
  const { folder = 'archive', deflated = false, byteorder = 'little', change = (entries: ZipEntry[]) => entries } = options
  const storages = new Storages(String)
  const entry = (name: string, content: Uint8Array | string): ZipEntry => ({
    name: `${folder}/${name}`,
    bytes: typeof content === 'string' ? Buffer.from(content) : content,
    deflated: deflated && typeof content !== 'string',
  })
  const entries = [entry('data.pkl', pickle(storages.describe(value)))]
  if (byteorder !== null) entries.push(entry('byteorder', byteorder))
  for (const [data, key] of storages.keys) entries.push(entry(`data/${key}`, bytesOf(data)))
  return zipFile(change([...entries, entry('version', '3\n'), entry('.data/serialization_id', '0'.repeat(40))]), options)
}

/** The bytes of `torch.save(value, path, _use_new_zipfile_serialization=False)`, the format before torch 1.6. */
export function torchLegacy(value: TorchValue, { littleEndian = true }: { littleEndian?: boolean } = {}): Uint8Array {
  const storages = new Storages((index) => String(94_000_000_000_000 + index), [null])
  const object = pickle(storages.describe(value))
  const parts = [
    Buffer.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]),
    pickle(1001),
    pickle({ protocol_version: 1001, little_endian: littleEndian, type_sizes: { short: 2, int: 4, long: 4 } }),
    object,
    pickle([...storages.keys.values()]),
  ]
  for (const data of storages.keys.keys()) {
    const count = Buffer.alloc(8)
    count.writeBigInt64LE(BigInt(data.length))
    parts.push(count, bytesOf(data))
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** A call of `_rebuild_tensor_v2`; `storage` is what the persistent id names. */
export function rebuildTensor(storage: Py, offset: number, shape: readonly number[], stride: readonly number[]): PyNode {
  const args = [pyPersistent(storage), offset, pyTuple(...shape), pyTuple(...stride), false, pyOrderedDict({})]
  return pyCall(pyGlobal('torch._utils', '_rebuild_tensor_v2'), args)
}

/** The persistent id of a storage; `rest` is what the legacy format adds. */
export function storageId(type: string, key: string, count: number, rest: readonly Py[] = []): PyNode {
  return pyTuple('storage', pyGlobal('torch', type), key, 'cpu', count, ...rest)
}

/** The distinct arrays among tensors, with the keys of their storages, in the order met. */
class Storages {
  readonly keys = new Map<Tensor['data'], string>()
  readonly #keyOf: (index: number) => string
  readonly #rest: readonly Py[]

  constructor(keyOf: (index: number) => string, rest: readonly Py[] = []) {
    this.#keyOf = keyOf
    this.#rest = rest
  }

  describe(value: TorchValue): Py {
    if (value instanceof StridedTensor) return this.#tensor(value.base, value)
    if (isTensor(value)) return this.#tensor(value, { shape: value.shape, stride: rowMajor(value.shape), offset: 0 })
    if (isList(value)) return value.map((item) => this.describe(item))
    if (!isRecord(value)) return value
    return pyOrderedDict(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.describe(item)])))
  }

  #tensor({ dtype, data }: Tensor, { shape, stride, offset }: Pick<StridedTensor, 'shape' | 'stride' | 'offset'>): PyNode {
    const key = this.keys.get(data) ?? this.#keyOf(this.keys.size)
    this.keys.set(data, key)
    return rebuildTensor(storageId(STORAGES[dtype], key, data.length, this.#rest), offset, shape, stride)
  }
}

function isTensor(value: TorchValue): value is Tensor {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'data' in value && 'shape' in value
}

function isList(value: TorchValue): value is readonly TorchValue[] {
  return Array.isArray(value)
}

function isRecord(value: TorchValue): value is { readonly [key: string]: TorchValue } {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

function bytesOf({ buffer, byteOffset, byteLength }: Tensor['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
