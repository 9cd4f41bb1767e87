// The bytes of one zip entry: a range of the file where it is stored, inflated into memory where it is
// deflated. The header before the data must say what the directory says. Checksums are not compared, as
// that would read the whole file.

import { CheckpointError } from '../../errors.ts'
import { excerpt } from '../json.ts'
import type { Copies } from './copies.ts'
import { inflate } from './inflate.ts'
import type { StorageBytes } from './place.ts'
import { HEADER_BYTES, type Zip, type ZipEntry } from './zip.ts'

const HEADER_MAGIC = 0x04034b50
const ENCRYPTED = 1
/** Sizes follow the data; the header may leave them out. */
const DESCRIPTOR = 8
const STORED = 0
const DEFLATED = 8

/** Throws CheckpointError when the two headers disagree, the data leaves its place, or inflates to another size than declared. */
export async function entryData(zip: Zip, entry: ZipEntry, copies: Copies): Promise<StorageBytes> {
  const label = `${zip.file}: zip entry ${excerpt(entry.name)}`
  const byteOffset = await dataOffset(zip, entry, label)
  const { method, compressedSize, size } = entry
  if (method === STORED) {
    if (compressedSize !== size) throw new CheckpointError(`${label} is stored in ${compressedSize} bytes but claims ${size}`)
    return { byteOffset, byteLength: size }
  }
  if (method !== DEFLATED)
    throw new CheckpointError(`${label} is compressed with method ${method}; stored and deflated (8) are read: save the file again`)
  copies.take(size, label)
  const data = await inflate(zip.files, zip.path, { byteOffset, byteLength: compressedSize }, size, label)
  return { byteOffset: 0, byteLength: size, data }
}

/** The whole content, which must have at most `limit` bytes. */
export async function entryBytes(zip: Zip, entry: ZipEntry, copies: Copies, limit: number): Promise<Uint8Array> {
  if (entry.size > limit)
    throw new CheckpointError(`${zip.file}: zip entry ${excerpt(entry.name)} has ${entry.size} bytes, the limit is ${limit}`)
  const { data, byteOffset, byteLength } = await entryData(zip, entry, copies)
  return data ?? (await zip.files.read(zip.path, byteOffset, byteLength))
}

async function dataOffset({ headers }: Zip, entry: ZipEntry, label: string): Promise<number> {
  const header = await headers.read(entry.offset, HEADER_BYTES + entry.nameBytes.length)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (view.getUint32(0, true) !== HEADER_MAGIC)
    throw new CheckpointError(`${label} is not where the zip directory says: the file is damaged`)
  const flags = view.getUint16(6, true)
  if (flags & ENCRYPTED) throw new CheckpointError(`${label} is encrypted: decrypt the file first`)
  const name = header.subarray(HEADER_BYTES)
  const sameName = view.getUint16(26, true) === name.length && name.every((byte, i) => byte === entry.nameBytes[i])
  const sizes: [number, number][] = [
    [view.getUint32(18, true), entry.compressedSize],
    [view.getUint32(22, true), entry.size],
  ]
  const sameSizes = sizes.every(([own, listed]) => own === listed || own === 0xffffffff || (flags & DESCRIPTOR && own === 0))
  if (!sameName || !sameSizes || view.getUint16(8, true) !== entry.method)
    throw new CheckpointError(`${label} has a header that contradicts the zip directory: the file is damaged or hostile`)
  const offset = entry.offset + HEADER_BYTES + name.length + view.getUint16(28, true)
  if (offset + entry.compressedSize > entry.limit)
    throw new CheckpointError(`${label} reaches into what follows it: the file is damaged or hostile`)
  return offset
}
