// Writes zip archives for tests, laid out as PyTorch lays out its own: stored entries, data on 64-byte
// boundaries by a padding field, sizes after the data. Every field can be overridden, so that tests can
// make archives that lie. Format: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3.

import { crc32, deflateRawSync } from 'node:zlib'

/** The fields that an entry has twice: before its data and in the directory at the end. */
interface ZipFields {
  name: string
  flags: number
  method: number
  compressedSize: number
  size: number
  /** Written as a zip64 field, with 0xffffffff in the plain one. */
  zip64: boolean
  disk: number
  /** Where the directory says that the entry begins. */
  offset: number
}

export interface ZipEntry {
  name: string
  bytes: Uint8Array
  deflated?: boolean
  /** Data after the header as it is, in place of `bytes` stored or deflated. */
  raw?: Uint8Array
  /** That many zero bytes in place of `bytes`, which a sparse file need not hold. */
  hole?: number
  local?: Partial<ZipFields>
  central?: Partial<ZipFields>
}

export interface ZipOptions {
  /** Sizes and offsets as zip64 fields, and the zip64 end records. */
  zip64?: boolean
  /** Sizes after the data instead of before it, as PyTorch does; true unless given. */
  descriptors?: boolean
  comment?: string
  /** Overrides of the end record. */
  end?: { disk?: number; entries?: number; directorySize?: number; directoryOffset?: number }
}

const DESCRIPTOR_FLAG = 8

/** The archive's bytes. */
export function zipFile(entries: readonly ZipEntry[], options: ZipOptions = {}): Uint8Array {
  return new Uint8Array(Buffer.concat(zipParts(entries, options).map(({ bytes }) => bytes)))
}

/** The archive in pieces and where they lie; holes are left out. */
export function zipParts(entries: readonly ZipEntry[], options: ZipOptions = {}): { at: number; bytes: Uint8Array }[] {
  const parts: { at: number; bytes: Uint8Array }[] = []
  const directory: Uint8Array[] = []
  let position = 0
  const add = (bytes: Uint8Array) => {
    parts.push({ at: position, bytes })
    position += bytes.length
  }
  for (const entry of entries) {
    const data = entry.raw ?? (entry.deflated ? deflateRawSync(entry.bytes) : entry.bytes)
    const crc = crc32(entry.bytes)
    const { descriptors = true, zip64 = false } = options
    const hole = entry.hole ?? 0
    const fields: ZipFields = {
      name: entry.name,
      flags: descriptors ? DESCRIPTOR_FLAG : 0,
      method: entry.deflated ? 8 : 0,
      compressedSize: hole + data.length,
      size: hole + entry.bytes.length,
      zip64,
      disk: 0,
      offset: position,
    }
    const sizes = descriptors ? { compressedSize: 0, size: 0, zip64: false } : {}
    add(localHeader({ ...fields, ...sizes, ...entry.local }, descriptors ? 0 : crc, position))
    position += hole
    add(data)
    if (descriptors) add(numbers([4, 0x08074b50], [4, crc], [zip64 ? 8 : 4, fields.compressedSize], [zip64 ? 8 : 4, fields.size]))
    directory.push(centralHeader({ ...fields, ...entry.central }, crc))
  }
  const start = position
  for (const header of directory) add(header)
  add(endRecords(entries.length, start, position - start, options))
  return parts
}

function localHeader({ name, flags, method, compressedSize, size, zip64 }: ZipFields, crc: number, position: number): Uint8Array {
  const sizes = zip64 ? numbers([2, 1], [2, 16], [8, size], [8, compressedSize]) : new Uint8Array(0)
  const nameBytes = Buffer.from(name)
  const unpadded = position + 30 + nameBytes.length + sizes.length + 4
  const padding = Buffer.alloc((64 - (unpadded % 64)) % 64, 'Z')
  return Buffer.concat([
    numbers([4, 0x04034b50], [2, zip64 ? 45 : 20], [2, flags], [2, method], [4, 0], [4, crc]),
    numbers([4, zip64 ? 0xffffffff : compressedSize], [4, zip64 ? 0xffffffff : size]),
    numbers([2, nameBytes.length], [2, sizes.length + 4 + padding.length]),
    nameBytes,
    sizes,
    Buffer.from('FB'),
    numbers([2, padding.length]),
    padding,
  ])
}

function centralHeader({ name, flags, method, compressedSize, size, zip64, disk, offset }: ZipFields, crc: number): Uint8Array {
  const extra = zip64 ? numbers([2, 1], [2, 24], [8, size], [8, compressedSize], [8, offset]) : new Uint8Array(0)
  const nameBytes = Buffer.from(name)
  return Buffer.concat([
    numbers([4, 0x02014b50], [2, 0], [2, zip64 ? 45 : 20], [2, flags], [2, method], [4, 0], [4, crc]),
    numbers([4, zip64 ? 0xffffffff : compressedSize], [4, zip64 ? 0xffffffff : size]),
    numbers([2, nameBytes.length], [2, extra.length], [2, 0], [2, disk], [2, 0], [4, 0], [4, zip64 ? 0xffffffff : offset]),
    nameBytes,
    extra,
  ])
}

function endRecords(count: number, start: number, length: number, { zip64 = false, comment = '', end = {} }: ZipOptions): Uint8Array {
  const { disk = 0, entries = count, directorySize = length, directoryOffset = start } = end
  const records: Uint8Array[] = []
  if (zip64)
    records.push(
      numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, disk], [4, disk], [8, entries], [8, entries]),
      numbers([8, directorySize], [8, directoryOffset]),
      numbers([4, 0x07064b50], [4, disk], [8, start + length], [4, 1]),
    )
  records.push(
    numbers([4, 0x06054b50], [2, disk], [2, disk], [2, zip64 ? 0xffff : entries], [2, zip64 ? 0xffff : entries]),
    numbers([4, zip64 ? 0xffffffff : directorySize], [4, zip64 ? 0xffffffff : directoryOffset], [2, comment.length]),
    Buffer.from(comment),
  )
  return Buffer.concat(records)
}

/** Little-endian unsigned integers, each as [bytes, value]. */
function numbers(...fields: [2 | 4 | 8, number][]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else if (width === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    at += width
  }
  return bytes
}
