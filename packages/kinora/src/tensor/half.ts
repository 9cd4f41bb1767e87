// float16 and bfloat16 codes <-> float32, one value or a whole array at a time. Rounding is to the
// nearest, ties to even; subnormals, infinities and NaN are kept. Works on 32-bit patterns, so it
// needs no Float16Array. Not here: other dtypes, tensors. Layouts: IEEE 754 binary16, bfloat16.

const FLOAT32 = new Float32Array(1)
const BITS = new Uint32Array(FLOAT32.buffer)
let float16Table: Uint32Array | undefined

/** The number that a float16 code stands for, exactly. */
export function float16ToFloat32(code: number): number {
  BITS[0] = float16ToBits(code & 0xffff)
  return FLOAT32[0]!
}

/** The float16 code nearest to `value` (first rounded to float32, as torch does); beyond 65504 it overflows to infinity. */
export function float32ToFloat16(value: number): number {
  FLOAT32[0] = value
  return bitsToFloat16(BITS[0]!)
}

/** The number that a bfloat16 code stands for, exactly. */
export function bfloat16ToFloat32(code: number): number {
  BITS[0] = code << 16
  return FLOAT32[0]!
}

/** The bfloat16 code nearest to `value` (first rounded to float32, as torch does). */
export function float32ToBfloat16(value: number): number {
  FLOAT32[0] = value
  return bitsToBfloat16(BITS[0]!)
}

/** float16 codes [n] -> float32 [n]. */
export function decodeFloat16(codes: Uint16Array): Float32Array {
  float16Table ??= Uint32Array.from({ length: 0x10000 }, (_, code) => float16ToBits(code))
  const bits = new Uint32Array(codes.length)
  for (let i = 0; i < codes.length; i++) bits[i] = float16Table[codes[i]!]!
  return new Float32Array(bits.buffer)
}

/** float32 [n] -> float16 codes [n]. */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const bits = bitsOf(values)
  const codes = new Uint16Array(bits.length)
  for (let i = 0; i < bits.length; i++) codes[i] = bitsToFloat16(bits[i]!)
  return codes
}

/** bfloat16 codes [n] -> float32 [n]. */
export function decodeBfloat16(codes: Uint16Array): Float32Array {
  const bits = new Uint32Array(codes.length)
  for (let i = 0; i < codes.length; i++) bits[i] = codes[i]! << 16
  return new Float32Array(bits.buffer)
}

/** float32 [n] -> bfloat16 codes [n]. */
export function encodeBfloat16(values: Float32Array): Uint16Array {
  const bits = bitsOf(values)
  const codes = new Uint16Array(bits.length)
  for (let i = 0; i < bits.length; i++) codes[i] = bitsToBfloat16(bits[i]!)
  return codes
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}

function float16ToBits(code: number): number {
  const sign = (code & 0x8000) << 16
  const exponent = (code >> 10) & 0x1f
  const mantissa = code & 0x3ff
  if (exponent === 31) return sign | 0x7f800000 | (mantissa << 13)
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (mantissa << 13)
  if (mantissa === 0) return sign
  // A subnormal is mantissa * 2^-24; float32 holds it as a normal number led by the highest set bit.
  const leading = 31 - Math.clz32(mantissa)
  return sign | ((leading + 103) << 23) | ((mantissa << (23 - leading)) & 0x7fffff)
}

function bitsToFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  // NaN keeps the top of its payload and becomes quiet, as the processor's own conversion does.
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >> 13) & 0x3ff)
  // 65520 lies halfway between 65504 and the next power of two and rounds up, to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13)
  // Below 2^-14 the result is a subnormal; at or below 2^-25 it is zero.
  if (magnitude <= 0x33000000) return sign
  const shift = 126 - (magnitude >> 23)
  const mantissa = (magnitude & 0x7fffff) | 0x800000
  return sign | ((mantissa + (1 << (shift - 1)) - 1 + ((mantissa >> shift) & 1)) >> shift)
}

function bitsToBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40
  return ((bits >>> 0) + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}
