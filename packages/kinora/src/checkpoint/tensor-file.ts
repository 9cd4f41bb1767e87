// One file of tensors, safetensors or PyTorch's: which tensors it holds and where their bytes lie. The
// format is told by the first bytes, never by the extension. Reads headers, not tensor data.

import { CheckpointError } from '../errors.ts'
import type { DType, Tensor } from '../tensor/tensor.ts'
import { tensorFromBytes } from '../tensor/tensor.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { foreignFormat } from './foreign-format.ts'
import { headerLength, PREFIX_BYTES, parseHeader } from './safetensors.ts'
import { readLegacyCheckpoint } from './torch/legacy-checkpoint.ts'
import { readZipCheckpoint } from './torch/zip-checkpoint.ts'

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

/** Enough to know every format by. */
const START_BYTES = 512

/** Throws CheckpointError when the file is missing, damaged, hostile or of a format that is not read. */
export async function readTensorFile(files: CheckpointFiles, path: string): Promise<TensorFile> {
  const size = await files.size(path)
  const start = await files.read(path, 0, Math.min(size, START_BYTES))
  const about = { file: shownPath(files, path), absolute: await files.absolute(path) }
  if (isZip(start)) return { ...about, tensors: await readZipCheckpoint(files, path, size), metadata: new Map() }
  if (isPickle(start)) return { ...about, tensors: await readLegacyCheckpoint(files, path, size), metadata: new Map() }
  const hint = foreignFormat(start)
  if (hint) throw new CheckpointError(`${about.file} is ${hint}`)
  const length = headerLength(start.subarray(0, PREFIX_BYTES), size, about.file)
  return { ...about, ...parseHeader(await files.read(path, PREFIX_BYTES, length), size, about.file) }
}

function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4
}

/** Protocols 2 to 5. A safetensors header of some 600 bytes has such a length too, but its brace after it. */
function isPickle(start: Uint8Array): boolean {
  const [opcode, protocol = 0] = start
  return opcode === 0x80 && protocol >= 2 && protocol <= 5 && !(start[7] === 0 && start[8] === 0x7b)
}

/** The tensor's data, copied out of the file. `stored` must be of a dtype that is read. */
export async function readTensor(files: CheckpointFiles, path: string, stored: StoredTensor & { dtype: DType }): Promise<Tensor> {
  const bytes = stored.data ?? (await files.read(path, stored.byteOffset, stored.byteLength))
  return tensorFromBytes(stored.dtype, stored.shape, bytes)
}
