// The writing half of the safetensors format: an 8-byte little-endian header length, a JSON header
// padded with spaces, then the tensors' bytes. It holds no reader: that one faces untrusted files
// and lives with the checkpoints. Format: https://github.com/huggingface/safetensors#format

import { bytesPerElement, type DType, elementCount, type Tensor } from './tensor.ts'

const NAMES: Record<DType, string> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
}

/** What a header says of one tensor. */
export interface SafetensorsPlace {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
}

export interface SafetensorsLayout {
  /** The file's beginning, before the first tensor. */
  readonly header: Uint8Array
  /** Where each tensor's bytes begin in the file, in its order. */
  readonly places: ReadonlyMap<string, { byteOffset: number; byteLength: number }>
  /** Of the whole file. */
  readonly byteLength: number
}

/**
 * Lays out a .safetensors file. Data starts on an 8-byte boundary, and wider elements lie before narrower ones so that every tensor is
 * aligned. Throws RangeError for a name that is reserved.
 */
export function layoutSafetensors(tensors: readonly SafetensorsPlace[], metadata?: Readonly<Record<string, string>>): SafetensorsLayout {
  const sorted = [...tensors].sort((a, b) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype))
  const entries: [string, unknown][] = metadata ? [['__metadata__', metadata]] : []
  let offset = 0
  const ends: number[] = []
  for (const { name, dtype, shape } of sorted) {
    if (name === '__metadata__')
      throw new RangeError('a tensor cannot be called __metadata__: safetensors keeps that name for the metadata')
    const end = offset + elementCount(shape) * bytesPerElement(dtype)
    entries.push([name, { dtype: NAMES[dtype], shape, data_offsets: [offset, end] }])
    ends.push(end)
    offset = end
  }
  const header = encodeHeader(Object.fromEntries(entries))
  const begins = [0, ...ends]
  const places = sorted.map(({ name }, i) => {
    return [name, { byteOffset: header.length + begins[i]!, byteLength: ends[i]! - begins[i]! }] as const
  })
  return { header, places: new Map(places), byteLength: header.length + offset }
}

/**
 * Encodes tensors as the chunks of one .safetensors file, in order: the header, then each tensor's own bytes without a copy (so keep
 * the tensors unchanged until the chunks are written). Throws RangeError when a tensor's data does not fill its shape or a name is
 * reserved.
 */
export function encodeSafetensors(tensors: Readonly<Record<string, Tensor>>, metadata?: Readonly<Record<string, string>>): Uint8Array[] {
  for (const [name, { shape, data }] of Object.entries(tensors))
    if (data.length !== elementCount(shape)) throw new RangeError(`tensor ${name} [${shape.join(', ')}] holds ${data.length} elements`)
  const { header, places } = layoutSafetensors(
    Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    metadata,
  )
  const chunks = Array.from(places.keys(), (name) => {
    const { data } = tensors[name]!
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  })
  return [header, ...chunks]
}

function encodeHeader(header: Record<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(json, 8)
  return bytes
}
