// One file of tensors, whatever its format: which tensors it holds and where their bytes lie. The
// format is told by the first bytes, never by the extension. Reads headers, not tensor data.

import type { DType, Tensor } from '../tensor/tensor.ts'
import { tensorFromBytes } from '../tensor/tensor.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { headerLength, PREFIX_BYTES, parseHeader } from './safetensors.ts'

/** One tensor's place in its file. */
export interface StoredTensor {
  /** Undefined for a dtype that Kinora does not read (`dtypeName` tells which). */
  readonly dtype: DType | undefined
  /** As the file spells it. */
  readonly dtypeName: string
  readonly shape: readonly number[]
  /** From the start of the file; row-major little-endian bytes. */
  readonly byteOffset: number
  readonly byteLength: number
  /** The bytes themselves, where they are not a plain range of the file (strided or compressed). */
  readonly data?: Uint8Array
}

export interface TensorFile {
  /** As messages show it. */
  readonly file: string
  /** Links resolved, for the engine. */
  readonly absolute: string
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** safetensors' `__metadata__`; empty for other formats. */
  readonly metadata: ReadonlyMap<string, string>
}

/** Throws CheckpointError when the file is missing, damaged, hostile or of a format that is not read. */
export async function readTensorFile(files: CheckpointFiles, path: string): Promise<TensorFile> {
  const size = await files.size(path)
  const file = shownPath(files, path)
  const length = headerLength(await files.read(path, 0, Math.min(size, PREFIX_BYTES)), size, file)
  const { tensors, metadata } = parseHeader(await files.read(path, PREFIX_BYTES, length), size, file)
  return { file, absolute: await files.absolute(path), tensors, metadata }
}

/** The tensor's data, copied out of the file. `stored` must be of a dtype that is read. */
export async function readTensor(files: CheckpointFiles, path: string, stored: StoredTensor & { dtype: DType }): Promise<Tensor> {
  const bytes = stored.data ?? (await files.read(path, stored.byteOffset, stored.byteLength))
  return tensorFromBytes(stored.dtype, stored.shape, bytes)
}
