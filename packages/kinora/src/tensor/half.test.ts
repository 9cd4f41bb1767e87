import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bfloat16ToFloat32,
  decodeBfloat16,
  decodeFloat16,
  encodeBfloat16,
  encodeFloat16,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from './half.ts'

const codes = Uint16Array.from({ length: 0x10000 }, (_, code) => code)

/** The value by definition: sign * 2^(exponent - bias) * (1 + mantissa / 2^bits), subnormals without the 1. */
function byDefinition(code: number, mantissaBits: number): number {
  const exponentBits = 15 - mantissaBits
  const bias = 2 ** (exponentBits - 1) - 1
  const sign = code & 0x8000 ? -1 : 1
  const exponent = (code >> mantissaBits) & (2 ** exponentBits - 1)
  const fraction = (code & (2 ** mantissaBits - 1)) / 2 ** mantissaBits
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : Number.NaN
  return exponent === 0 ? sign * 2 ** (1 - bias) * fraction : sign * 2 ** (exponent - bias) * (1 + fraction)
}

const formats = [
  {
    name: 'float16',
    bits: 10,
    toFloat: float16ToFloat32,
    toCode: float32ToFloat16,
    decode: decodeFloat16,
    encode: encodeFloat16,
    infinity: 0x7c00,
  },
  {
    name: 'bfloat16',
    bits: 7,
    toFloat: bfloat16ToFloat32,
    toCode: float32ToBfloat16,
    decode: decodeBfloat16,
    encode: encodeBfloat16,
    infinity: 0x7f80,
  },
]

describe.each(formats)('$name', ({ bits, toFloat, toCode, decode, encode, infinity }) => {
  const isNaNCode = (code: number) => (code & 0x7fff) > infinity
  const expected = Array.from(codes, (code) => byDefinition(code, bits))

  it('every code decodes to its value', () => {
    const decoded = decode(codes)
    expect(expected.findIndex((value, code) => !Object.is(decoded[code], value))).toBe(-1)
    expect(expected.findIndex((value, code) => !Object.is(toFloat(code), value))).toBe(-1)
  })

  it('every value encodes to its code; a NaN stays a NaN of its sign', () => {
    const encoded = encode(decode(codes))
    const same = (code: number, got: number) => (isNaNCode(code) ? isNaNCode(got) && (got & 0x8000) === (code & 0x8000) : got === code)
    expect(codes.findIndex((code) => !same(code, encoded[code]!))).toBe(-1)
    expect(codes.findIndex((code) => !isNaNCode(code) && toCode(expected[code]!) !== code)).toBe(-1)
    expect(isNaNCode(toCode(Number.NaN))).toBe(true)
  })

  it('rounds halfway cases to even and all others to the nearest, for every neighbouring pair', () => {
    for (let code = 0; code < infinity; code++) {
      // Above the largest finite value the next step of the same size stands for infinity.
      const low = expected[code]!
      const high = code + 1 === infinity ? 2 * low - expected[code - 1]! : expected[code + 1]!
      const middle = (low + high) / 2
      const even = code & 1 ? code + 1 : code
      const below = middle - (high - low) / 16
      const above = middle + (high - low) / 16
      // Subnormal bfloat16 steps are finer than float32 can split so far.
      if (Math.fround(below) !== below || Math.fround(above) !== above) continue
      const values = Float32Array.of(middle, below, above, -middle, -below, -above)
      const nearest = [even, code, code + 1, even | 0x8000, code | 0x8000, (code + 1) | 0x8000]
      const got = encode(values)
      for (let i = 0; i < 6; i++)
        if (got[i] !== nearest[i] || toCode(values[i]!) !== nearest[i]) throw new Error(`${values[i]} became ${got[i]}, not ${nearest[i]}`)
    }
  })

  it('one value and an array agree on any float32, views included', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 2, maxLength: 20 }), (values) => {
        const view = Float32Array.from(values).subarray(1)
        expect([...encode(view)]).toEqual(Array.from(view, toCode))
      }),
    )
  })
})

it('float16 overflows and underflows where IEEE 754 says', () => {
  expect(float32ToFloat16(65519.99)).toBe(0x7bff)
  expect(float32ToFloat16(65520)).toBe(0x7c00)
  expect(float32ToFloat16(-1e30)).toBe(0xfc00)
  expect(float32ToFloat16(2 ** -25)).toBe(0)
  expect(float32ToFloat16(2 ** -25 * 1.001)).toBe(1)
  expect(float32ToFloat16(-1e-30)).toBe(0x8000)
})
