// Rows of a stored tensor as tensors of their own: ranges of the same bytes, in the file or in memory.

import { expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import type { DType } from '../tensor/tensor.ts'
import type { KeyMap } from './keys/key-map.ts'
import type { StoredTensor, TensorFile } from './tensor-file.ts'
import { weightEntries } from './weight-entries.ts'

const file = (tensors: Record<string, StoredTensor>): TensorFile => ({
  file: 'm/x.bin',
  absolute: '/m/x.bin',
  tensors: new Map(Object.entries(tensors)),
  metadata: new Map(),
})
const stored = (dtype: DType, data?: Uint8Array): StoredTensor => ({
  dtype,
  dtypeName: dtype,
  shape: [6, 2],
  byteOffset: 101,
  byteLength: 6 * 2 * (dtype === 'float64' ? 8 : 2),
  ...(data && { data }),
})
const halves: KeyMap = (name) => [
  { name: `${name}.a`, shape: [2, 2], rows: [0, 2] },
  { name: `${name}.b`, shape: [4, 2], rows: [2, 6] },
]

it.each<[DType, number]>([
  ['float16', 4],
  ['float64', 16],
])('cuts rows of %s out of the file', (dtype, rowBytes) => {
  const entries = weightEntries([file({ w: stored(dtype) })], halves)
  expect(entries.get('w.a')).toMatchObject({ shape: [2, 2], byteOffset: 101, byteLength: 2 * rowBytes, nameInFile: 'w[0:2]' })
  expect(entries.get('w.b')).toMatchObject({ shape: [4, 2], byteOffset: 101 + 2 * rowBytes, byteLength: 4 * rowBytes, path: '/m/x.bin' })
  expect(entries.get('w.b')).not.toHaveProperty('data')
})

it('cuts rows out of bytes that were brought along, without a copy', () => {
  const data = Uint8Array.from({ length: 24 }, (_, i) => i)
  const { data: rows } = weightEntries([file({ w: stored('float16', data) })], halves).get('w.b')!
  expect(rows).toEqual(data.subarray(8))
  expect(rows!.buffer).toBe(data.buffer)
})

it('drops what the table drops, before it looks at the dtype', () => {
  expect(weightEntries([file({ w: stored('int64') })], () => undefined).size).toBe(0)
  expect(() => weightEntries([file({ w: stored('int64') })], halves)).toThrow(CheckpointError)
})

it('refuses a place that is taken, across files too', () => {
  const same: KeyMap = (_, shape) => ({ name: 'w', shape })
  expect(() => weightEntries([file({ a: stored('float16') }), file({ b: stored('float16') })], same)).toThrow(
    'b of m/x.bin and a of m/x.bin are the same tensor',
  )
})
