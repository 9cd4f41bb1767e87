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

/**
 * Encodes tensors as the chunks of one .safetensors file, in order: the header, then each tensor's
 * own bytes without a copy (so keep the tensors unchanged until the chunks are written). Data starts
 * on an 8-byte boundary, and wider elements are laid out before narrower ones so that every tensor
 * is aligned. Throws RangeError when a tensor's data does not fill its shape or a name is reserved.
 */
export function encodeSafetensors(tensors: Readonly<Record<string, Tensor>>, metadata?: Readonly<Record<string, string>>): Uint8Array[] {
  const entries = Object.entries(tensors).sort(([, a], [, b]) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype))
  const header: [string, unknown][] = metadata ? [['__metadata__', metadata]] : []
  const chunks: Uint8Array[] = []
  let offset = 0
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === '__metadata__')
      throw new RangeError('a tensor cannot be called __metadata__: safetensors keeps that name for the metadata')
    if (data.length !== elementCount(shape)) throw new RangeError(`tensor ${name} [${shape.join(', ')}] holds ${data.length} elements`)
    const end = offset + data.byteLength
    header.push([name, { dtype: NAMES[dtype], shape, data_offsets: [offset, end] }])
    chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    offset = end
  }
  return [encodeHeader(Object.fromEntries(header)), ...chunks]
}

function encodeHeader(header: Record<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(json, 8)
  return bytes
}
