// Finds the COMMENT tag of a WebM file: Segment / Tags / Tag / SimpleTag / TagName and TagString.
// It reads element headers only. RFC 8794 (EBML) and RFC 9559 (Matroska).

import { type ByteSource, readAt, readText } from './source.ts'

const MAX_ELEMENTS = 65_536
const SEGMENT = 0x18538067
const TAGS = 0x1254c367
const TAG = 0x7373
const SIMPLE_TAG = 0x67c8
const TAG_NAME = 0x45a3
const TAG_STRING = 0x4487

interface Element {
  readonly id: number
  readonly start: number
  readonly end: number
}

/** Text of the first COMMENT tag, undefined when there is none or the file is damaged. */
export async function readWebmComment(source: ByteSource): Promise<string | undefined> {
  const budget = { left: MAX_ELEMENTS }
  const file = { id: 0, start: 0, end: source.size }
  for await (const segment of children(source, file, SEGMENT, budget)) {
    for await (const tags of children(source, segment, TAGS, budget)) {
      for await (const tag of children(source, tags, TAG, budget)) {
        for await (const simple of children(source, tag, SIMPLE_TAG, budget)) {
          const name = await textOf(source, simple, TAG_NAME, budget)
          if (name?.toUpperCase() === 'COMMENT') return textOf(source, simple, TAG_STRING, budget)
        }
      }
    }
  }
  return undefined
}

async function textOf(source: ByteSource, parent: Element, id: number, budget: { left: number }): Promise<string | undefined> {
  for await (const child of children(source, parent, id, budget)) return readText(source, child.start, child.end - child.start)
  return undefined
}

/** Children of one id, in order; stops at damage and when the budget of headers is spent. */
async function* children(source: ByteSource, parent: Element, id: number, budget: { left: number }): AsyncGenerator<Element> {
  let at = parent.start
  while (at < parent.end && budget.left-- > 0) {
    const element = await readElement(source, at, parent.end)
    if (!element) return
    if (element.id === id) yield element
    at = element.end
  }
}

async function readElement(source: ByteSource, at: number, limit: number): Promise<Element | undefined> {
  const view = await readAt(source, at, Math.min(12, limit - at))
  if (!view) return undefined
  const id = readVint(view, 0, true)
  const size = id && readVint(view, id.length, false)
  if (!(id && size)) return undefined
  const start = at + id.length + size.length
  // All ones mean "unknown size": a live stream, whose element runs to the end of its parent.
  const end = size.unknown ? limit : start + size.value
  return end <= limit ? { id: id.value, start, end } : undefined
}

/** Variable-size integer; an id keeps its length marker. At most 4 bytes for ids and 8 for sizes. */
export function readVint(view: DataView, offset: number, isId: boolean): { value: number; length: number; unknown: boolean } | undefined {
  if (offset >= view.byteLength) return undefined
  const first = view.getUint8(offset)
  const length = Math.clz32(first) - 23
  if (first === 0 || length > (isId ? 4 : 8) || offset + length > view.byteLength) return undefined
  const marker = 0x80 >> (length - 1)
  let value = isId ? first : first & (marker - 1)
  let unknown = (first & (marker - 1)) === marker - 1
  for (let i = 1; i < length; i++) {
    const byte = view.getUint8(offset + i)
    value = value * 256 + byte
    unknown &&= byte === 0xff
  }
  return Number.isSafeInteger(value) ? { value, length, unknown } : unknown ? { value: 0, length, unknown } : undefined
}
