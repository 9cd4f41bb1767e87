// What the reader of tensor files says about a file that it refuses.

import { expect } from 'vitest'
import { readTensorFile } from '../../src/checkpoint/tensor-file.ts'
import { CheckpointError } from '../../src/errors.ts'
import { memoryFiles } from './memory-files.ts'

/** The message, with the file called `a.bin`; 'no error' when it is read. Fails the test for any other error. */
export async function refusalOf(bytes: Uint8Array): Promise<string> {
  const error: unknown = await readTensorFile(memoryFiles({ 'a.bin': bytes }), 'a.bin').then(
    () => new CheckpointError('no error'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message.replaceAll('/memory/', '')
}
