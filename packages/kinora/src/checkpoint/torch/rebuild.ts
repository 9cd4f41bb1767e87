// How torch describes tensors in a pickle: a storage by persistent id, and functions that make a view of
// it. Views are only recorded here; place.ts checks them against the storage's bytes, where names are
// known. Meanings: torch/_utils.py, torch/_tensor.py and torch/serialization.py.

import { CheckpointError } from '../../errors.ts'
import type { Caller, KnownFunction } from './globals.ts'
import type { PickleBytes } from './pickle-bytes.ts'
import { DTYPES, STORAGE_TYPES, type TorchType } from './types.ts'
import { describe, PyGlobal, PyObject, type PyValue, TorchStorage, TorchTensor } from './values.ts'

/** torch's own limit. */
const MAX_DIMENSIONS = 64

/** `(storage, storage_offset, size, stride[, requires_grad, backward_hooks, metadata])`: versions 1 and 2. */
export function rebuildTensor(args: readonly PyValue[], caller: Caller): PyValue {
  const [storage, offset, size, stride, , , metadata] = args
  if (!(storage instanceof TorchStorage)) throw refusal(caller.bytes, 'storage', storage)
  return view(caller, storage, storage.type, [offset, size, stride, metadata])
}

/** Version 3, for types without a storage class: dtype before the metadata, and a storage of bytes. */
export function rebuildTensorOfType(args: readonly PyValue[], caller: Caller): PyValue {
  const [storage, offset, size, stride, , , dtype, metadata] = args
  if (!(storage instanceof TorchStorage)) throw refusal(caller.bytes, 'storage', storage)
  const type = dtype instanceof PyGlobal ? DTYPES.get(dtype.path) : undefined
  if (!type) throw refusal(caller.bytes, 'dtype', dtype)
  return view(caller, storage, type, [offset, size, stride, metadata])
}

/** `(data, requires_grad, backward_hooks[, state])`: the tensor itself. */
export function rebuildParameter([data]: readonly PyValue[], { bytes }: Caller): PyValue {
  if (!(data instanceof TorchTensor)) throw refusal(bytes, 'data', data)
  return data
}

/** `(function, type, args, state)`: a tensor with attributes or of a subclass, made by one of the functions above. */
export function rebuildFromType(
  [made, , args]: readonly PyValue[],
  caller: Caller,
  call: (path: string, ...rest: Parameters<KnownFunction>) => PyValue | undefined,
): PyValue {
  const isRebuild = made instanceof PyGlobal && made.path.startsWith('torch._utils._rebuild_')
  const tensor = isRebuild && Array.isArray(args) ? call(made.path, args, caller) : undefined
  if (tensor === undefined) throw refusal(caller.bytes, 'function', made)
  return tensor
}

function view(caller: Caller, storage: TorchStorage, type: TorchType, args: readonly (PyValue | undefined)[]): TorchTensor {
  const [offset, size, stride, metadata] = args
  const { bytes } = caller
  if (!isCount(offset)) throw bytes.damaged(`puts a tensor at offset ${describe(offset)} of its storage`)
  if (!isCounts(size) || !isCounts(stride) || size.length !== stride.length)
    throw bytes.damaged(`gives a tensor the size ${describe(size)} and stride ${describe(stride)}`)
  if (metadata instanceof Map && (metadata.get('conj') === true || metadata.get('neg') === true))
    throw new CheckpointError(
      `${bytes.file}: a tensor is a conjugate or negative view of its data: save it after .resolve_conj().resolve_neg()`,
    )
  caller.spend(32 * size.length)
  // Copies: what comes later in the pickle could still change a list.
  return new TorchTensor(storage, type, offset, [...size], [...stride])
}

/** A tensor that cannot be had from what the file gives as its `part`. */
function refusal(bytes: PickleBytes, part: string, value: PyValue | undefined): CheckpointError {
  if (value instanceof PyObject || value instanceof PyGlobal)
    return new CheckpointError(
      `${bytes.file}: a tensor has as its ${part} ${describe(value)}, and Kinora runs no code of a file: save plain tensors, the model's state_dict()`,
    )
  return bytes.damaged(`makes a tensor with ${describe(value)} as its ${part}`)
}

/**
 * The storage of a persistent id `('storage', class, key, location, element count[, view])`, where `view`, of files before torch
 * 0.4, is `(key, offset, element count)`. `('module', class, ...)`, of whole models in old files, gives the class.
 */
export function storageOfId(id: PyValue, bytes: PickleBytes): PyValue {
  if (!Array.isArray(id)) throw bytes.damaged(`has ${describe(id)} as a persistent id`)
  const [kind, storageClass, key, , count, part = null] = id
  if (kind === 'module' && storageClass !== undefined) return storageClass
  if (kind !== 'storage' || typeof key !== 'string' || !isCount(count)) throw bytes.damaged('names a storage in an unknown way')
  const type = storageClass instanceof PyGlobal ? STORAGE_TYPES.get(storageClass.path) : undefined
  if (!type) throw refusal(bytes, 'storage class', storageClass)
  if (part === null) return new TorchStorage(key, type, count)
  const [, start, length] = Array.isArray(part) ? part : []
  if (!isCount(start) || !isCount(length) || start + length > count) throw bytes.damaged('cuts a part out of a storage that is not in it')
  return new TorchStorage(key, type, count, start, length)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MAX_DIMENSIONS && value.every(isCount)
}
