// Where a zip archive's directory is: the records at the end of the file, the plain one and zip64's for
// archives over 4 GiB. Format: PKWARE's APPNOTE.TXT, sections 4.3.14 to 4.3.16.

import { CheckpointError } from '../../errors.ts'
import { type CheckpointFiles, shownPath } from '../files.ts'

interface Directory {
  readonly offset: number
  readonly length: number
  /** Number of entries. */
  readonly count: number
}

const END_BYTES = 22
const END_MAGIC = 0x06054b50
const MAX_COMMENT_BYTES = 0xffff
const LOCATOR_BYTES = 20
const LOCATOR_MAGIC = 0x07064b50
const ZIP64_END_BYTES = 56
const ZIP64_END_MAGIC = 0x06064b50

/** Throws CheckpointError when the archive is cut short, is one of several disks, or has its directory outside of the file. */
export async function findDirectory(files: CheckpointFiles, path: string, fileSize: number): Promise<Directory> {
  const file = shownPath(files, path)
  const tailStart = Math.max(0, fileSize - LOCATOR_BYTES - END_BYTES - MAX_COMMENT_BYTES)
  const tail = await files.read(path, tailStart, fileSize - tailStart)
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  const at = endRecord(view)
  if (at === undefined)
    throw new CheckpointError(`${file} is a zip archive without its directory at the end: it is cut short; download it again`)
  const locator = at - LOCATOR_BYTES
  const isZip64 = locator >= 0 && view.getUint32(locator, true) === LOCATOR_MAGIC
  const recordAt = isZip64 ? Number(view.getBigUint64(locator + 8, true)) : tailStart + at
  const found = isZip64 ? await zip64Directory(files, path, recordAt, tailStart + locator) : plainDirectory(view, at)
  if (found.disks.some((disk) => disk !== 0)) throw new CheckpointError(`${file} is one part of a split zip archive: join the parts first`)
  if (!(found.offset + found.length <= recordAt))
    throw new CheckpointError(
      `${file} says that its zip directory ends at byte ${found.offset + found.length}, past its end at ${recordAt}`,
    )
  return found
}

/** Position of the record whose comment ends exactly where the file does. */
function endRecord(view: DataView): number | undefined {
  for (let at = view.byteLength - END_BYTES; at >= 0; at--)
    if (view.getUint32(at, true) === END_MAGIC && at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength) return at
  return undefined
}

function plainDirectory(view: DataView, at: number): Directory & { disks: number[] } {
  return {
    disks: [view.getUint16(at + 4, true), view.getUint16(at + 6, true)],
    count: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  }
}

async function zip64Directory(files: CheckpointFiles, path: string, at: number, end: number): Promise<Directory & { disks: number[] }> {
  const bytes = at + ZIP64_END_BYTES <= end ? await files.read(path, at, ZIP64_END_BYTES) : undefined
  const view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view?.getUint32(0, true) !== ZIP64_END_MAGIC)
    throw new CheckpointError(`${shownPath(files, path)} has a damaged zip64 record at its end; download it again`)
  return {
    disks: [view.getUint32(16, true), view.getUint32(20, true)],
    count: Number(view.getBigUint64(32, true)),
    length: Number(view.getBigUint64(40, true)),
    offset: Number(view.getBigUint64(48, true)),
  }
}
