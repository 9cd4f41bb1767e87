// Reader of the safetensors container: which tensors a file holds and where their bytes lie, and for
// small files the tensors themselves. The input is untrusted: every number is checked against the real
// file size before anything is allocated. Pure; follows the format section of the safetensors README.

import { CheckpointError } from '../errors.ts'
import { bytesPerElement, type DType, type Tensor, tensorFromBytes } from '../tensor/tensor.ts'
import { foreignFormat } from './foreign-format.ts'
import { duplicateKey, excerpt, isJsonObject, type JsonObject, parseJsonObject } from './json.ts'

/** Bytes before the JSON header: its length as an unsigned 64-bit integer. */
export const PREFIX_BYTES = 8

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000

export const DTYPE_OF: ReadonlyMap<string, DType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
])

/** One tensor's place in its file. */
interface SafetensorsEntry {
  /** Undefined for a dtype that Kinora does not read (`dtypeName` tells which). */
  readonly dtype: DType | undefined
  readonly dtypeName: string
  readonly shape: readonly number[]
  /** From the start of the file. */
  readonly byteOffset: number
  readonly byteLength: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>
  /** The string values of `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
}

/** Length of the JSON header in bytes, from the file's first bytes. Throws CheckpointError when the file cannot hold it. */
export function headerLength(prefix: Uint8Array, fileSize: number, file: string): number {
  if (fileSize < PREFIX_BYTES || prefix.length < PREFIX_BYTES)
    throw new CheckpointError(`${file} has only ${fileSize} bytes, too few for a safetensors file; download it again`)
  const hint = foreignFormat(prefix)
  if (hint) throw new CheckpointError(`${file} is ${hint}`)
  const length = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES).getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES)
    throw new CheckpointError(
      `${file} claims a header of ${length} bytes, the limit is ${MAX_HEADER_BYTES}: it is damaged or not a safetensors file`,
    )
  if (Number(length) > fileSize - PREFIX_BYTES)
    throw new CheckpointError(`${file} claims a header of ${length} bytes but has ${fileSize} in all: it is truncated; download it again`)
  return Number(length)
}

/**
 * Parses the JSON header, the `headerLength` bytes after the prefix. Throws CheckpointError naming file and tensor for
 * anything the format forbids: bad JSON, duplicate names, bad shapes, offsets that overlap, leave holes or leave the file.
 */
export function parseHeader(header: Uint8Array, fileSize: number, file: string): SafetensorsHeader {
  const json = parseObject(header, file)
  const dataStart = PREFIX_BYTES + header.length
  const tensors = new Map<string, SafetensorsEntry>()
  for (const [name, info] of Object.entries(json))
    if (name !== '__metadata__') tensors.set(name, parseEntry(info, dataStart, fileSize, `${file}: tensor ${excerpt(name)}`))
  checkLayout(tensors, dataStart, fileSize, file)
  const metadata = isJsonObject(json.__metadata__) ? Object.entries(json.__metadata__) : []
  return { tensors, metadata: new Map(metadata.filter((pair): pair is [string, string] => typeof pair[1] === 'string')) }
}

function parseObject(header: Uint8Array, file: string): JsonObject {
  if (header[0] !== '{'.charCodeAt(0)) throw new CheckpointError(`${file} has no JSON header: it is damaged or not a safetensors file`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header)
  } catch (cause) {
    throw new CheckpointError(`${file} has a header that is not UTF-8: it is damaged; download it again`, { cause })
  }
  const json = parseJsonObject(text, `the header of ${file}`)
  const twice = duplicateKey(text)
  if (twice !== undefined) throw new CheckpointError(`${file} names ${excerpt(twice)} twice in its header`)
  return json
}

function parseEntry(info: unknown, dataStart: number, fileSize: number, tensor: string): SafetensorsEntry {
  if (!isJsonObject(info)) throw new CheckpointError(`${tensor} has no description in the header`)
  const { dtype: dtypeName, shape, data_offsets: offsets } = info
  if (typeof dtypeName !== 'string') throw new CheckpointError(`${tensor} has no dtype`)
  if (!isSizes(shape)) throw new CheckpointError(`${tensor} has shape ${excerpt(shape)}, not a list of non-negative integers`)
  if (!isSizes(offsets) || offsets.length !== 2)
    throw new CheckpointError(`${tensor} has data_offsets ${excerpt(offsets)}, not two non-negative integers`)
  const [begin, end] = offsets as [number, number]
  if (begin > end) throw new CheckpointError(`${tensor} ends at byte ${end} before it begins at ${begin}`)
  if (end > fileSize - dataStart)
    throw new CheckpointError(
      `${tensor} lies at bytes ${dataStart + begin} to ${dataStart + end}, past the end of the file at ${fileSize}: it is truncated or damaged; download it again`,
    )
  const dtype = DTYPE_OF.get(dtypeName)
  checkSize(dtypeName, shape, end - begin, tensor)
  return { dtype, dtypeName, shape, byteOffset: dataStart + begin, byteLength: end - begin }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function checkSize(dtypeName: string, shape: readonly number[], byteLength: number, tensor: string): void {
  let count = 1
  for (const size of shape) {
    count *= size
    if (!Number.isSafeInteger(count)) throw new CheckpointError(`${tensor} has shape ${excerpt(shape)}, more elements than a file can hold`)
  }
  const dtype = DTYPE_OF.get(dtypeName)
  const expected = dtype && count * bytesPerElement(dtype)
  if (expected !== undefined && expected !== byteLength)
    throw new CheckpointError(`${tensor} has ${byteLength} bytes, ${dtypeName} ${excerpt(shape)} takes ${expected}`)
}

/** The data must be covered by the tensors exactly once. */
function checkLayout(tensors: ReadonlyMap<string, SafetensorsEntry>, dataStart: number, fileSize: number, file: string): void {
  const sorted = [...tensors].sort(([, a], [, b]) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength)
  let position = dataStart
  let previous = ''
  for (const [name, { byteOffset, byteLength }] of sorted) {
    if (byteOffset < position)
      throw new CheckpointError(`${file}: tensors ${excerpt(previous)} and ${excerpt(name)} overlap at byte ${byteOffset}`)
    if (byteOffset > position)
      throw new CheckpointError(
        `${file}: ${byteOffset - position} bytes before tensor ${excerpt(name)} belong to no tensor: the file is damaged`,
      )
    position = byteOffset + byteLength
    previous = name
  }
  if (position !== fileSize)
    throw new CheckpointError(`${file}: ${fileSize - position} bytes after the last tensor belong to no tensor: the file is damaged`)
}

/** All tensors of a whole file held in memory. Throws CheckpointError as `parseHeader`, and for a dtype that is not read. */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
): { tensors: Map<string, Tensor>; metadata: ReadonlyMap<string, string> } {
  const end = PREFIX_BYTES + headerLength(bytes, bytes.length, file)
  const { tensors, metadata } = parseHeader(bytes.subarray(PREFIX_BYTES, end), bytes.length, file)
  const decoded = [...tensors].map(([name, entry]): [string, Tensor] => {
    const { dtype, dtypeName, shape, byteOffset, byteLength } = entry
    if (!dtype)
      throw new CheckpointError(
        `${file}: tensor ${excerpt(name)} is ${excerpt(dtypeName)}; Kinora reads ${[...DTYPE_OF.keys()].join(', ')}`,
      )
    return [name, tensorFromBytes(dtype, shape, bytes.subarray(byteOffset, byteOffset + byteLength))]
  })
  return { tensors: new Map(decoded), metadata }
}
