// One tensor file of an adapter, with what is needed to read a number out of it and to hand its tensors on
// as weights. Reads headers; data only where `read` is called.

import { CheckpointError } from '../../errors.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { CheckpointFiles } from '../files.ts'
import { excerpt } from '../json.ts'
import { readTensor, readTensorFile, type TensorFile } from '../tensor-file.ts'
import type { WeightEntry } from '../weights.ts'

export interface AdapterFile extends TensorFile {
  /** Copies one tensor out of the file; for small ones. */
  read(name: string): Promise<Tensor>
}

/** An alpha has one element; what is read whole may not be a matrix. */
const MAX_READ_BYTES = 64

export async function openAdapterFile(files: CheckpointFiles, path: string): Promise<AdapterFile> {
  const file = await readTensorFile(files, path)
  const read = async (name: string) => {
    const stored = file.tensors.get(name)
    const { dtype, dtypeName, byteLength } = stored!
    if (!dtype || byteLength > MAX_READ_BYTES)
      throw new CheckpointError(`${file.file}: ${excerpt(name)} is ${excerpt(dtypeName)} of ${byteLength} bytes, a number is expected`)
    return readTensor(files, path, { ...stored!, dtype })
  }
  return { ...file, read }
}

/** The tensor as a weight. Throws CheckpointError for one that is not of floats. */
export function weightEntry({ file, absolute, tensors }: AdapterFile, name: string): WeightEntry {
  const { dtype, dtypeName, shape, byteOffset, byteLength, data } = tensors.get(name)!
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== 'bfloat16' && dtype !== 'float64')
    throw new CheckpointError(`${file}: ${excerpt(name)} is ${excerpt(dtypeName)}; Kinora reads adapters in F64, F32, F16 and BF16`)
  return { dtype, shape, path: absolute, byteOffset, byteLength, file, nameInFile: name, ...(data && { data }) }
}
