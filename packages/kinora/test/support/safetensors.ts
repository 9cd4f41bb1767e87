// Reads a whole safetensors file into memory, or writes one, for tests only: expected tensors are small
// and written by us, so nothing is bounded or streamed here. The library's own reader is src/checkpoint.
// Format: u64 header length, JSON header, then the tensors' little-endian bytes.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encodeSafetensors } from '../../src/tensor/safetensors.ts'
import { type DType, type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts'

const DTYPES: Record<string, DType> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
}

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** Absolute path of test/fixtures/<name>, for example `fixture('expected/randn.json')`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
}

/** Every tensor of the file at `path`, by name. Throws on a dtype that Tensor cannot hold. */
export function readSafetensors(path: string): Map<string, Tensor> {
  const bytes = new Uint8Array(readFileSync(path))
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  const start = 8 + headerBytes
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<string, Entry>
  const tensors = new Map<string, Tensor>()
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const kind = DTYPES[dtype]
    if (!kind) throw new Error(`${path}: ${name} has dtype ${dtype}, one of ${Object.keys(DTYPES).join(', ')} is expected`)
    tensors.set(name, tensorFromBytes(kind, shape, bytes.subarray(start + data_offsets[0], start + data_offsets[1])))
  }
  return tensors
}

/** The tensor called `name`, checked to have the dtype that the test asks for. */
export function expectTensor<D extends DType>(tensors: ReadonlyMap<string, Tensor>, name: string, dtype: D): Tensor<D> {
  const found = tensors.get(name)
  if (found?.dtype !== dtype) throw new Error(`${name} is ${found ? `of dtype ${found.dtype}, not ${dtype}` : 'not in the file'}`)
  return found as Tensor<D>
}

export function writeSafetensors(path: string, tensors: Readonly<Record<string, Tensor>>): void {
  writeFileSync(path, Buffer.concat(encodeSafetensors(tensors)))
}
