import { expect, test } from 'vitest'
import { encodeSafetensors } from './safetensors.ts'
import { tensor } from './tensor.ts'

function parse(chunks: readonly Uint8Array[]): { header: Record<string, Record<string, unknown>>; headerLength: number; data: Buffer } {
  const file = Buffer.concat(chunks)
  const headerLength = Number(file.readBigUInt64LE(0))
  return { header: JSON.parse(file.toString('utf8', 8, 8 + headerLength)), headerLength, data: file.subarray(8 + headerLength) }
}

test('the header names dtype, shape and byte range of each tensor, and the metadata', () => {
  const half = tensor('float16', [3], Uint16Array.of(0x3c00, 0x4000, 0x4200))
  const wide = tensor('int64', [1, 2], BigInt64Array.of(1n, -1n))
  const { header, headerLength, data } = parse(encodeSafetensors({ half, wide }, { note: '中文 "q"\n' }))
  expect(header).toEqual({
    __metadata__: { note: '中文 "q"\n' },
    wide: { dtype: 'I64', shape: [1, 2], data_offsets: [0, 16] },
    half: { dtype: 'F16', shape: [3], data_offsets: [16, 22] },
  })
  expect(headerLength % 8).toBe(0)
  expect(data.readBigInt64LE(8)).toBe(-1n)
  expect(data.readUInt16LE(20)).toBe(0x4200)
  expect(data).toHaveLength(22)
})

test('data is not copied', () => {
  const values = tensor('float32', [2], Float32Array.of(1, 2))
  expect(encodeSafetensors({ values })[1]?.buffer).toBe(values.data.buffer)
})

test('a scalar, an empty tensor and no tensor at all', () => {
  const { header, data } = parse(encodeSafetensors({ scalar: tensor('float32', []), empty: tensor('uint8', [0, 4]) }))
  expect(header.scalar).toEqual({ dtype: 'F32', shape: [], data_offsets: [0, 4] })
  expect(header.empty).toEqual({ dtype: 'U8', shape: [0, 4], data_offsets: [4, 4] })
  expect(data).toHaveLength(4)
  expect(parse(encodeSafetensors({})).header).toEqual({})
})

test('a reserved name and data of another length are refused', () => {
  expect(() => encodeSafetensors({ __metadata__: tensor('float32', [1]) })).toThrow(RangeError)
  expect(() => encodeSafetensors({ a: { dtype: 'float32', shape: [3], data: new Float32Array(2) } })).toThrow(/a \[3\] holds 2/)
})
