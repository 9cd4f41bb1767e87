// The directory of a zip archive, zip64 included: which entries it has, without touching their data.
// Archives that lie (entries on top of each other, outside of the file, twice) are refused. Format:
// PKWARE's APPNOTE.TXT, section 4.3.

import { CheckpointError } from '../../errors.ts'
import { type CheckpointFiles, shownPath } from '../files.ts'
import { excerpt } from '../json.ts'
import { ReadAhead } from './read-ahead.ts'
import { decodeUtf8 } from './text.ts'
import { findDirectory } from './zip-end.ts'

export interface ZipEntry {
  readonly name: string
  /** As the directory spells it; the entry's own header must agree. */
  readonly nameBytes: Uint8Array
  readonly method: number
  readonly compressedSize: number
  readonly size: number
  /** Where its header begins, and where the next entry or the directory does. */
  readonly offset: number
  readonly limit: number
}

export interface Zip {
  readonly files: CheckpointFiles
  readonly path: string
  /** For the headers before entries. */
  readonly headers: ReadAhead
  /** As messages show it. */
  readonly file: string
  readonly entries: ReadonlyMap<string, ZipEntry>
}

/** Bytes of a directory entry before its name. */
const ENTRY_BYTES = 46
/** The same of the header before an entry's data. */
export const HEADER_BYTES = 30
const ENTRY_MAGIC = 0x02014b50
const ZIP64_FIELD = 1
/** A training checkpoint of this family has about 6000. */
const MAX_ENTRIES = 100_000
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20

type Listed = Omit<ZipEntry, 'limit'>

/** Throws CheckpointError for a damaged or lying archive, an encrypted one, and one of several disks. */
export async function readZip(files: CheckpointFiles, path: string, fileSize: number): Promise<Zip> {
  const file = shownPath(files, path)
  const { offset, length, count } = await findDirectory(files, path, fileSize)
  if (count > MAX_ENTRIES || length > MAX_DIRECTORY_BYTES)
    throw new CheckpointError(
      `${file} has ${count} zip entries in a directory of ${length} bytes, the limits are ${MAX_ENTRIES} and ${MAX_DIRECTORY_BYTES}`,
    )
  const bytes = await files.read(path, offset, length)
  const listed: Listed[] = []
  for (let at = 0; listed.length < count; ) {
    const [entry, end] = parseEntry(bytes, at, file)
    listed.push(entry)
    at = end
  }
  return { files, path, headers: new ReadAhead(files, path, fileSize), file, entries: checkLayout(listed, offset, file) }
}

function parseEntry(bytes: Uint8Array, at: number, file: string): [Listed, end: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== ENTRY_MAGIC)
    throw new CheckpointError(`${file} has a damaged zip directory; download it again`)
  const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true)
  const extraEnd = nameEnd + view.getUint16(at + 30, true)
  const end = extraEnd + view.getUint16(at + 32, true)
  if (end > bytes.length) throw new CheckpointError(`${file} has a damaged zip directory; download it again`)
  const nameBytes = bytes.subarray(at + ENTRY_BYTES, nameEnd)
  const name = decodeUtf8(nameBytes)
  if (name === undefined) throw new CheckpointError(`${file} has a zip entry whose name is not UTF-8`)
  const label = `${file}: zip entry ${excerpt(name)}`
  if (view.getUint16(at + 8, true) & 1) throw new CheckpointError(`${label} is encrypted: decrypt the file first`)
  const [size, compressedSize, offset, disk] = wideFields(
    [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true), view.getUint16(at + 34, true)],
    bytes.subarray(nameEnd, extraEnd),
    label,
  )
  if (disk !== 0) throw new CheckpointError(`${label} lies on another disk of a split archive: join the parts first`)
  return [{ name, nameBytes, method: view.getUint16(at + 10, true), compressedSize, size, offset }, end]
}

type Fields = [size: number, compressedSize: number, offset: number, disk: number]

/** The four fields, where all bits are set taken from the zip64 field instead, which holds only those. */
function wideFields(narrow: Fields, extra: Uint8Array, label: string): Fields {
  const missing = narrow.map((value, i) => value === (i === 3 ? 0xffff : 0xffffffff))
  if (!missing.includes(true)) return narrow
  const field = extraField(extra, ZIP64_FIELD)
  let at = 0
  const next = (width: number): number => {
    const view = field && at + width <= field.byteLength ? new DataView(field.buffer, field.byteOffset + at, width) : undefined
    if (!view) throw new CheckpointError(`${label} lacks its zip64 sizes; download the file again`)
    at += width
    return width === 8 ? Number(view.getBigUint64(0, true)) : view.getUint32(0, true)
  }
  return narrow.map((value, i) => (missing[i] ? next(i === 3 ? 4 : 8) : value)) as Fields
}

function extraField(extra: Uint8Array, id: number): Uint8Array | undefined {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength)
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === id) return extra.subarray(at + 4, end)
    at = end
  }
  return undefined
}

/** Entries must follow each other without overlap, all before the directory, each name once. */
function checkLayout(listed: readonly Listed[], directory: number, file: string): ReadonlyMap<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>()
  const sorted = listed.toSorted((a, b) => a.offset - b.offset)
  for (const [i, entry] of sorted.entries()) {
    const label = `${file}: zip entry ${excerpt(entry.name)}`
    const next = sorted[i + 1]
    const end = entry.offset + HEADER_BYTES + entry.nameBytes.length + entry.compressedSize
    if (!(end <= directory))
      throw new CheckpointError(`${label} lies at bytes ${entry.offset} to ${end}, past the end of the data at ${directory}`)
    if (next && end > next.offset) throw new CheckpointError(`${label} overlaps ${excerpt(next.name)}: the file is damaged or hostile`)
    if (entries.has(entry.name)) throw new CheckpointError(`${label} is there twice: the file is damaged or hostile`)
    entries.set(entry.name, { ...entry, limit: next?.offset ?? directory })
  }
  return entries
}
