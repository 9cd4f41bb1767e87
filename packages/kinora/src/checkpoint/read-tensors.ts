// A small file of tensors, read whole: starting noise, embeddings. Checkpoints are not read this way.

import { openFolder } from '#files'
import { CheckpointError } from '../errors.ts'
import type { DType, Tensor } from '../tensor/tensor.ts'
import { excerpt } from './json.ts'
import { splitPath } from './split-path.ts'
import { readTensor, readTensorFile, type StoredTensor } from './tensor-file.ts'

/** Far above any latents or embeddings, far below what a checkpoint takes. */
const MAX_BYTES = 2 ** 30

/** Every tensor of a .safetensors or PyTorch file by its name. Throws CheckpointError when it cannot be read or is larger than 1 GiB. */
export async function readTensors(path: string): Promise<Map<string, Tensor>> {
  const { folder, name } = splitPath(path)
  const files = await openFolder(folder)
  if (!(await files.exists(name))) throw new CheckpointError(`${path} does not exist: name a .safetensors file`)
  const { tensors } = await readTensorFile(files, name)
  const total = [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (total > MAX_BYTES) throw new CheckpointError(`${path} holds ${total} bytes of tensors; ${MAX_BYTES} are read at most`)
  const read = new Map<string, Tensor>()
  for (const [key, stored] of tensors) {
    if (!isReadable(stored)) throw new CheckpointError(`the tensor ${excerpt(key)} of ${path} is ${stored.dtypeName}, which is not read`)
    read.set(key, await readTensor(files, name, stored))
  }
  return read
}

function isReadable(stored: StoredTensor): stored is StoredTensor & { dtype: DType } {
  return stored.dtype !== undefined
}
