// Tells by its first bytes what a file is, since names lie: a picture for sharp, our own tensors, or
// something that only FFmpeg can judge. Also how long the file says it is, to notice one that was cut
// off. PNG 5.2 and APNG; GIF89a; WebP container; TIFF 6; ISO/IEC 14496-12; RFC 8794 (EBML).

import { type ByteSource, readAt } from './source.ts'
import { readVint } from './webm.ts'

const MAX_PARTS = 65_536
/** Zeros that may follow a file's end. */
const PADDING = 512

/** `video` also stands for whatever is not known here. */
export async function sniffForm(source: ByteSource): Promise<'picture' | 'safetensors' | 'video'> {
  const view = await readAt(source, 0, Math.min(16, source.size))
  const head = view ? latin1(view, 0, view.byteLength) : ''
  if (/^(GIF8[79]a|\xff\xd8\xff|II\*\0|MM\0\*)/.test(head) || /^RIFF....WEBP/s.test(head)) return 'picture'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return (await isAnimatedPng(source)) ? 'video' : 'picture'
  // Single pictures; `avis` is a sequence, which FFmpeg plays.
  if (/^....ftyp(avif|mif1|heic)/s.test(head)) return 'picture'
  const headerLength = view && view.byteLength > 9 ? view.getBigUint64(0, true) : 0n
  return head[8] === '{' && headerLength > 1n && headerLength < BigInt(source.size) ? 'safetensors' : 'video'
}

/** An animation's control chunk stands before the first pixels. */
async function isAnimatedPng(source: ByteSource): Promise<boolean> {
  let at = 8
  for (let seen = 0; seen < MAX_PARTS; seen++) {
    const header = await readAt(source, at, 8)
    const name = header && latin1(header, 4, 4)
    if (!header || name === 'IDAT') return false
    if (name === 'acTL') return true
    at += 12 + header.getUint32(0)
  }
  return false
}

/** How a file's own structure says that its end is missing, in words; undefined for a whole file or an unknown form. */
export async function cutOff(source: ByteSource): Promise<string | undefined> {
  const head = await readAt(source, 0, 12)
  if (!head) return undefined
  const name = latin1(head, 0, 4)
  if (name === 'GIF8') return (await endsWith(source, 0x3b)) ? undefined : 'its end mark is missing'
  const size = name === '\x1aE\xdf\xa3' ? await ebmlSize(source) : name === 'RIFF' ? 8 + head.getUint32(4, true) : await boxesSize(source)
  return size !== undefined && size > source.size ? `${source.size} of its ${size} bytes are there` : undefined
}

/** Whether that is the last byte; zeros may follow. */
async function endsWith(source: ByteSource, byte: number): Promise<boolean> {
  const length = Math.min(source.size, PADDING)
  const tail = await readAt(source, source.size - length, length)
  for (let at = length - 1; tail && at >= 0; at--) if (tail.getUint8(at) !== 0) return tail.getUint8(at) === byte
  return false
}

/** MP4 and QuickTime: only boxes that hold media count, cameras are careless with the others. */
async function boxesSize(source: ByteSource): Promise<number | undefined> {
  let at = 0
  for (let seen = 0; seen < MAX_PARTS; seen++) {
    const header = await readAt(source, at, 8)
    const name = header ? latin1(header, 4, 4) : ''
    if (!(header && /^[\w ]{4}$/.test(name))) return undefined
    let size = header.getUint32(0)
    if (size === 1) size = Number((await readAt(source, at + 8, 8))?.getBigUint64(0) ?? 0n)
    if (size < 8) return undefined
    at += size
    if (at > source.size) return /^(mdat|moov|moof)$/.test(name) ? at : undefined
  }
  return undefined
}

/** Matroska and WebM: the header element, then the segment; a live recording has no size. */
async function ebmlSize(source: ByteSource): Promise<number | undefined> {
  let at = 0
  for (const _ of ['header', 'segment']) {
    const view = await readAt(source, at, Math.min(12, source.size - at))
    const id = view && readVint(view, 0, true)
    const size = view && id && readVint(view, id.length, false)
    if (!(id && size) || size.unknown) return undefined
    at += id.length + size.length + size.value
  }
  return at
}

function latin1(view: DataView, offset: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, length))
}
