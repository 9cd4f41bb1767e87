// Natural logarithm of a float32, bit for bit what numpy computes for float32 arrays on x86 (AVX2, AVX-512).
// It is up to two units off in the last place, which moves the fractional timesteps of respaced sigmas by
// 1e-4; general code should use Math.log. Constants and order of operations: numpy's loops_exponent_log.

const f = Math.fround
const SQRT_HALF = f(Math.SQRT1_2)
const LN2 = f(Math.LN2)
// ln(1 + x) is about P(x) / Q(x) for x in [sqrt(1/2) - 1, sqrt(2) - 1]; the highest power stands first.
const P = Float32Array.of(0.0258997911790792, 0.380883774138841, 1.48000063357651, 2.11267754307305, 1, 0)
const Q = Float32Array.of(0.00587509540312457, 0.154647637498391, 0.986494295851942, 2.45300607178474, 2.61267754307311, 1)

const SCRATCH = new Float32Array(1)
const BITS = new Int32Array(SCRATCH.buffer)

/** ln(x) for a positive, finite, normal float32; -Infinity for 0. */
export function log32(x: number): number {
  if (x === 0) return -Infinity
  SCRATCH[0] = x
  let exponent = (BITS[0]! >> 23) - 126
  BITS[0] = (BITS[0]! & 0x7fffff) | 0x3f000000
  let mantissa = SCRATCH[0]
  if (mantissa <= SQRT_HALF) {
    mantissa *= 2
    exponent -= 1
  }
  const rest = f(mantissa - 1)
  return fma(exponent, LN2, f(horner(P, rest) / horner(Q, rest)))
}

function horner(coefficients: Float32Array, x: number): number {
  return coefficients.reduce((sum, coefficient) => fma(sum, x, coefficient))
}

/** a * b + c rounded once to float32: the product of two float32 is exact in a double. */
function fma(a: number, b: number, c: number): number {
  return f(a * b + c)
}
