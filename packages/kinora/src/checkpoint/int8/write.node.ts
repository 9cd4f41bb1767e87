// Writes a file of int8 weights: its header first, since all shapes are known, then each weight at its place as
// it comes. It appears under its name when it is complete and on the disk.

import { randomUUID } from 'node:crypto'
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises'
import { CheckpointError } from '../../errors.ts'
import { layoutSafetensors } from '../../tensor/safetensors.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { type Int8Tensor, int8Places, scaleName } from './int8-file.ts'
import { ABOUT, EXTENSION, type Int8About } from './kept.node.ts'

/** Writes one weight of the file; every one has to be written. */
export type WriteInt8 = (name: string, values: Tensor, scale: Tensor) => Promise<void>

/** Writes the whole file or nothing. `make` gives the weights in any order. */
export async function writeInt8File(
  file: string,
  tensors: readonly Int8Tensor[],
  { model, ...about }: Int8About,
  make: (write: WriteInt8) => Promise<void>,
): Promise<void> {
  const real = await realpath(model).catch(() => model)
  const { header, places, byteLength } = layoutSafetensors(int8Places(tensors), { [ABOUT]: JSON.stringify({ model: real, ...about }) })
  const temporary = file.replace(EXTENSION, `.${randomUUID().slice(0, 8)}.tmp`)
  const handle = await open(temporary, 'wx')
  try {
    await handle.truncate(byteLength)
    await writeFully(handle, header, 0)
    const missing = new Set(places.keys())
    const write = async (name: string, { data }: Tensor) => {
      const place = places.get(name)
      if (place?.byteLength !== data.byteLength) throw new RangeError(`${name} is no tensor of ${data.byteLength} bytes in ${file}`)
      await writeFully(handle, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place.byteOffset)
      missing.delete(name)
    }
    await make(async (name, values, scale) => {
      await write(name, values)
      await write(scaleName(name), scale)
    })
    if (missing.size > 0) throw new RangeError(`${file}: ${[...missing][0]} was not written`)
    await handle.sync()
    await handle.close()
    await rename(temporary, file)
  } finally {
    await handle.close().catch(() => {})
    await rm(temporary, { force: true })
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
}

/** Why a disk refuses. */
const REFUSALS = new Map([
  ['ENOSPC', 'its disk is full'],
  ['EDQUOT', 'its disk is full'],
  ['EACCES', 'it is not yours'],
  ['EPERM', 'it is not yours'],
  ['EROFS', 'it is read-only'],
  ['ENOTDIR', 'it is not in a folder'],
])

/** A disk's refusal as a sentence; other errors as they are. */
export function explainRefusal(error: unknown, folder: string): unknown {
  const why = error instanceof Error && 'code' in error ? REFUSALS.get(String(error.code)) : undefined
  if (why === undefined) return error
  return new CheckpointError(`int8 weights cannot be kept in ${folder}, ${why}: set KINORA_CACHE to another folder`, { cause: error })
}
