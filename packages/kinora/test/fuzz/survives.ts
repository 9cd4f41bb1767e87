// What must hold for any file whatever: it is read or refused with a CheckpointError, soon, and what is
// said about its tensors is true of the file.

import { readTensorFile, type StoredTensor } from '../../src/checkpoint/tensor-file.ts'
import { CheckpointError } from '../../src/errors.ts'
import { bytesPerElement, elementCount } from '../../src/tensor/tensor.ts'
import { memoryFiles } from '../support/memory-files.ts'

export interface Outcome {
  readonly read: boolean
  readonly milliseconds: number
}

/** Throws when the file breaks a promise of the reader. */
export async function survives(file: Uint8Array): Promise<Outcome> {
  const start = performance.now()
  const outcome = await readTensorFile(memoryFiles({ 'a.bin': file }), 'a.bin').catch((error: unknown) => {
    if (error instanceof CheckpointError && error.message.length < 1000) return undefined
    throw error
  })
  const milliseconds = performance.now() - start
  for (const [name, stored] of outcome?.tensors ?? []) checkTensor(name, stored, file)
  return { read: outcome !== undefined, milliseconds }
}

function checkTensor(name: string, { dtype, shape, byteOffset, byteLength, data }: StoredTensor, file: Uint8Array): void {
  const fail = (problem: string): never => {
    throw new Error(`tensor ${JSON.stringify(name)} ${problem}`)
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) fail(`has shape [${shape}]`)
  if (!Number.isSafeInteger(byteLength) || byteLength < 0) fail(`has ${byteLength} bytes`)
  if (dtype && elementCount(shape) * bytesPerElement(dtype) !== byteLength) fail(`has ${byteLength} bytes for [${shape}] of ${dtype}`)
  if (data && data.length !== byteLength) fail(`brings ${data.length} bytes, not ${byteLength}`)
  if (!data && !(byteOffset >= 0 && byteOffset + byteLength <= file.length)) fail(`lies outside of the file, at ${byteOffset}`)
}
