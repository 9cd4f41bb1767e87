// Reads back the videos that this library saves as .safetensors: the request in the file metadata
// and the `frames` tensor. It is no general reader; checkpoints have theirs. Every number of the
// header is checked before use.

import { elementCount } from '../tensor/tensor.ts'
import { type ByteSource, MAX_TEXT_BYTES, readAt, readText } from './source.ts'

interface Header {
  readonly fields: Readonly<Record<string, unknown>>
  /** Where the tensors' bytes begin. */
  readonly dataStart: number
}

/** The comment in `__metadata__`, undefined when there is none or the file is damaged. */
export async function readSafetensorsComment(source: ByteSource): Promise<string | undefined> {
  return (await fileMetadata(source))?.comment
}

/** String entries of `__metadata__`. */
export async function fileMetadata(source: ByteSource): Promise<Record<string, string> | undefined> {
  const metadata = (await readHeader(source))?.fields.__metadata__
  if (!isRecord(metadata)) return undefined
  return Object.fromEntries(Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

export interface StoredFrames {
  readonly shape: readonly [batch: number, frames: number, height: number, width: number, channels: 3]
  readonly offset: number
  readonly bytes: number
}

/** Where the float32 tensor `frames` [B, F, H, W, 3] lies; undefined when the file has none such. */
export async function locateFrames(source: ByteSource): Promise<StoredFrames | undefined> {
  const header = await readHeader(source)
  const entry = header?.fields.frames
  if (!(header && isRecord(entry)) || entry.dtype !== 'F32') return undefined
  const { shape, data_offsets: offsets } = entry
  if (!(isCounts(shape) && isCounts(offsets)) || shape.length !== 5 || shape[4] !== 3 || offsets.length !== 2) return undefined
  const [start = 0, end = 0] = offsets
  const bytes = elementCount(shape) * 4
  if (bytes === 0 || end - start !== bytes || header.dataStart + end > source.size) return undefined
  return { shape: shape as unknown as StoredFrames['shape'], offset: header.dataStart + start, bytes }
}

async function readHeader(source: ByteSource): Promise<Header | undefined> {
  const length = (await readAt(source, 0, 8))?.getBigUint64(0, true)
  if (length === undefined || length > BigInt(MAX_TEXT_BYTES)) return undefined
  const text = await readText(source, 8, Number(length))
  try {
    const fields: unknown = text === undefined ? undefined : JSON.parse(text)
    return isRecord(fields) ? { fields, dataStart: 8 + Number(length) } : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0)
}
