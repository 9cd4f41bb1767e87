// Finds the comment tag of an MP4 file: moov / udta / meta / ilst / (c)cmt / data. It reads box
// headers only, wherever moov lies. ISO/IEC 14496-12 section 4.2, QuickTime file format (metadata).

import { type ByteSource, readAt, readText } from './source.ts'

const MAX_BOXES = 4096

interface Box {
  readonly start: number
  readonly end: number
}

/** Text of the comment tag, undefined when there is none or the file is damaged. */
export async function readMp4Comment(source: ByteSource): Promise<string | undefined> {
  let box: Box | undefined = { start: 0, end: source.size }
  for (const name of ['moov', 'udta', 'meta', 'ilst', '\xa9cmt', 'data']) {
    box = await findBox(source, box, name)
    if (!box) return undefined
    // `meta` is a full box: version and flags precede its children.
    if (name === 'meta') box = { start: box.start + 4, end: box.end }
  }
  // A data box opens with its type and locale.
  return readText(source, box.start + 8, box.end - box.start - 8)
}

/** The first child of that name; its range excludes the header. */
async function findBox(source: ByteSource, parent: Box, name: string): Promise<Box | undefined> {
  let at = parent.start
  for (let seen = 0; seen < MAX_BOXES && at + 8 <= parent.end; seen++) {
    const header = await readAt(source, at, 8)
    if (!header) return undefined
    let size = header.getUint32(0)
    let headerSize = 8
    if (size === 1) {
      const large = await readAt(source, at + 8, 8)
      if (!large) return undefined
      size = Number(large.getBigUint64(0))
      headerSize = 16
    }
    if (size === 0) size = parent.end - at
    const end = at + size
    if (size < headerSize || end > parent.end) return undefined
    if (fourCc(header, 4) === name) return { start: at + headerSize, end }
    at = end
  }
  return undefined
}

function fourCc(view: DataView, offset: number): string {
  return String.fromCharCode(view.getUint8(offset), view.getUint8(offset + 1), view.getUint8(offset + 2), view.getUint8(offset + 3))
}
