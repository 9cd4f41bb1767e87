// int8 weights that are made on this machine, one file for each origin in a cache folder of Kinora's own.
// Files appear whole, under a lock that other processes respect, and can be made again at any time.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Int8Copy } from '../hub/hub.ts'
import { LOCK_EXTENSION, withLock } from '../hub/lock.node.ts'
import type { TensorFile } from '../tensor-file.ts'
import type { WeightEntry, Weights } from '../weights.ts'
import { type Int8Tensor, withInt8 } from './int8-file.ts'
import { EXTENSION, int8Folder, readInt8, removeOutdatedInt8 } from './kept.node.ts'
import { originOf } from './origin.node.ts'
import { explainRefusal, type WriteInt8, writeInt8File } from './write.node.ts'

export interface MakeOptions {
  /** What the weights are told to be of. */
  readonly about: Pick<Int8Copy, 'model' | 'adapters'>
  readonly signal?: AbortSignal | undefined
  /** Called while another process makes the same file. */
  readonly onWait?: () => void
}

/**
 * The weights with `tensors` in int8: from the cache, or after `make` has written them. Rejects with the signal's reason, with what
 * `make` throws, and with CheckpointError when the folder cannot be written.
 */
export async function openInt8(
  entries: ReadonlyMap<string, WeightEntry>,
  tensors: readonly Int8Tensor[],
  make: (write: WriteInt8) => Promise<void>,
  { about, signal, onWait = () => {} }: MakeOptions,
): Promise<Weights> {
  const origin = await originOf(entries, tensors)
  const folder = int8Folder()
  const file = path.join(folder, `${origin.key}${EXTENSION}`)
  const find = () => readInt8(file).then((found) => found && fitting(entries, found, tensors))
  const found = await find()
  if (found) return found
  try {
    await mkdir(folder, { recursive: true })
    return await withLock(path.join(folder, `${origin.key}${LOCK_EXTENSION}`), { signal, onWait }, async () => {
      const madeMeanwhile = await find()
      if (madeMeanwhile) return madeMeanwhile
      await removeOutdatedInt8({ lockedKey: origin.key })
      await writeInt8File(file, tensors, { ...about, sources: origin.sources }, make)
      return withInt8(entries, (await readInt8(file))!, tensors)
    })
  } catch (error) {
    throw explainRefusal(error, folder)
  }
}

function fitting(entries: ReadonlyMap<string, WeightEntry>, file: TensorFile, tensors: readonly Int8Tensor[]): Weights | undefined {
  try {
    return withInt8(entries, file, tensors)
  } catch {
    return undefined
  }
}
