// From a tensor as its pickle describes it to its bytes: a plain range of the file where it lies
// row-major in one piece, gathered into memory where it does not. Each view is checked against its storage.

import { CheckpointError } from '../../errors.ts'
import { elementCount } from '../../tensor/tensor.ts'
import { type CheckpointFiles, shownPath } from '../files.ts'
import { excerpt } from '../json.ts'
import type { StoredTensor } from '../tensor-file.ts'
import type { Copies } from './copies.ts'
import { gather, isRowMajor, reach } from './strides.ts'
import { type TorchStorage, TorchTensor } from './values.ts'

/** Where a storage's bytes are: a range of the file, or `data` where they lie there compressed. */
export interface StorageBytes {
  readonly byteOffset: number
  readonly byteLength: number
  readonly data?: Uint8Array
}

export interface StorageSource {
  readonly files: CheckpointFiles
  readonly path: string
  readonly copies: Copies
  /** By key: every storage that a tensor with elements lies in. */
  readonly storages: ReadonlyMap<string, StorageBytes>
}

/** The storages that tensors with elements lie in, each once. */
export function storagesOf(named: ReadonlyMap<string, TorchTensor | number>): TorchStorage[] {
  const tensors = [...named.values()].filter((value) => value instanceof TorchTensor && elementCount(value.shape) !== 0) as TorchTensor[]
  return [...new Map(tensors.map(({ storage }) => [storage.key, storage])).values()]
}

/** Places every tensor; a number becomes a 0-d float64 tensor. Throws CheckpointError naming the tensor that leaves its storage. */
export async function placeTensors(
  named: ReadonlyMap<string, TorchTensor | number>,
  source: StorageSource,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const file = shownPath(source.files, source.path)
  const placed = new Map<TorchTensor, StoredTensor>()
  const tensors = new Map<string, StoredTensor>()
  for (const [name, value] of named) {
    if (typeof value === 'number') tensors.set(name, placeNumber(value))
    else {
      const stored = placed.get(value) ?? (await placeTensor(value, source, `${file}: tensor ${excerpt(name)}`))
      placed.set(value, stored)
      tensors.set(name, stored)
    }
  }
  return tensors
}

function placeNumber(value: number): StoredTensor {
  const data = new Uint8Array(8)
  new DataView(data.buffer).setFloat64(0, value, true)
  return { dtype: 'float64', dtypeName: 'float', shape: [], byteOffset: 0, byteLength: 8, data }
}

async function placeTensor(tensor: TorchTensor, { files, path, copies, storages }: StorageSource, label: string): Promise<StoredTensor> {
  const { storage, type, offset, shape, stride } = tensor
  const about = { dtype: type.dtype, dtypeName: type.name, shape }
  const byteLength = elementCount(shape) * type.bytes
  if (byteLength === 0) return { ...about, byteOffset: 0, byteLength }
  const span = reach(shape, stride) * type.bytes
  const start = offset * type.bytes
  const available = storage.count * storage.type.bytes
  if (!Number.isSafeInteger(byteLength) || !(start + span <= available))
    throw new CheckpointError(`${label} reaches byte ${start + span} of a storage of ${available}: the file is damaged; download it again`)
  const held = storages.get(storage.key)
  const expected = storage.wholeCount * storage.type.bytes
  if (held?.byteLength !== expected)
    throw new CheckpointError(
      `${label} lies in a storage of ${expected} bytes, the file has ${held?.byteLength ?? 'none'} for it: it is damaged; download it again`,
    )
  const first = storage.start * storage.type.bytes + start
  const byteOffset = held.byteOffset + first
  const inMemory = held.data?.subarray(first, first + span)
  if (isRowMajor(shape, stride)) return { ...about, byteOffset, byteLength, ...(inMemory && { data: inMemory }) }
  copies.take(byteLength, label)
  if (!inMemory) copies.check(span, label)
  const strided = inMemory ?? (await files.read(path, byteOffset, span))
  return { ...about, byteOffset: 0, byteLength, data: gather(strided, shape, stride, type.bytes) }
}
