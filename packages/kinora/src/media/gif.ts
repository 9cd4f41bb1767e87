// The comment extension of GIF files, written and read without touching the pictures. GIF comments
// are 7-bit ASCII by the standard, so other characters travel as JSON escapes; the comment stands
// before the first picture, the only place that is searched. GIF89a, sections 18, 24 and 26.

import { type ByteSource, MAX_TEXT_BYTES, readAt } from './source.ts'

const EXTENSION = 0x21
const COMMENT = 0xfe
const GRAPHIC_CONTROL = 0xf9

/** Inserts a comment before the first picture. `json` must be JSON text. Throws on bytes that are no GIF. */
export function insertGifComment(gif: Uint8Array, json: string): Uint8Array {
  const at = firstPicture(gif)
  if (at === undefined) throw new Error('not a GIF file')
  const ascii = json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const block = subBlocks(new TextEncoder().encode(ascii))
  const out = new Uint8Array(gif.length + block.length + 2)
  out.set(gif.subarray(0, at))
  out.set([EXTENSION, COMMENT], at)
  out.set(block, at + 2)
  out.set(gif.subarray(at), at + 2 + block.length)
  return out
}

/** Text of the first comment before the first picture, undefined when there is none or the file is damaged. */
export async function readGifComment(source: ByteSource): Promise<string | undefined> {
  const view = await readAt(source, 0, Math.min(source.size, MAX_TEXT_BYTES))
  if (!view) return undefined
  const gif = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  for (const { label, start, end } of extensions(gif)) if (label === COMMENT) return joinSubBlocks(gif, start, end)
  return undefined
}

interface Extension {
  readonly label: number
  /** First sub-block. */
  readonly start: number
  /** Just after the terminator. */
  readonly end: number
}

function* extensions(gif: Uint8Array): Generator<Extension> {
  let at = afterColourTable(gif)
  while (at !== undefined && gif[at] === EXTENSION) {
    const label = gif[at + 1]
    const start = at + 2
    let end = start
    while ((gif[end] ?? 0) !== 0) end += gif[end]! + 1
    if (label === undefined || end >= gif.length) return
    at = end + 1
    yield { label, start, end: at }
  }
}

function firstPicture(gif: Uint8Array): number | undefined {
  let at = afterColourTable(gif)
  for (const { label, end } of extensions(gif)) {
    if (label === GRAPHIC_CONTROL) break
    at = end
  }
  return at
}

/** Offset after the screen descriptor and its colour table, undefined when this is no GIF. */
function afterColourTable(gif: Uint8Array): number | undefined {
  if (gif.length < 13 || String.fromCharCode(...gif.subarray(0, 4)) !== 'GIF8') return undefined
  const flags = gif[10]!
  const at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  return at < gif.length ? at : undefined
}

function subBlocks(bytes: Uint8Array): Uint8Array {
  const count = Math.ceil(bytes.length / 255)
  const out = new Uint8Array(bytes.length + count + 1)
  let to = 0
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255)
    out[to] = part.length
    out.set(part, to + 1)
    to += part.length + 1
  }
  return out
}

function joinSubBlocks(gif: Uint8Array, start: number, end: number): string {
  const decoder = new TextDecoder()
  let text = ''
  for (let at = start; at < end - 1; at += gif[at]! + 1) text += decoder.decode(gif.subarray(at + 1, at + 1 + gif[at]!), { stream: true })
  return text + decoder.decode()
}
