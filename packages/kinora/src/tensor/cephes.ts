// Natural logarithm and sine/cosine in float32 arithmetic, bit for bit what torch's x86 kernels for
// normal noise compute. Accurate to about 1e-7; general code should use Math. The polynomials are those
// of Moshier's Cephes library (logf.c, sinf.c) in the operation order of Pommier's SIMD version.

const round = Math.fround
const SQRT_HALF = round(Math.SQRT1_2)
const LOG = floats(7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1)
const LOG_LOW = floats(-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
// ln 2 and pi/4, split into short parts whose product with a small integer is exact.
const LN2 = floats(0.693359375, -2.1219444e-4)
const QUARTER_PI = floats(0.78515625, 2.4187564849853516e-4, 3.774894977445941e-8)
const FOUR_OVER_PI = round(1.27323954473516)
const COS = floats(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
const SIN = floats(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)

const SCRATCH = new Float32Array(1)
const BITS = new Int32Array(SCRATCH.buffer)

function floats(...values: number[]): Float32Array {
  return Float32Array.from(values)
}

/** a * b + c rounded once to float32: the product of two float32 is exact in a double. */
function fma(a: number, b: number, c: number): number {
  return round(a * b + c)
}

/** ln(x) for a positive, normal float32. */
export function log(x: number): number {
  SCRATCH[0] = x
  let exponent = (BITS[0]! >> 23) - 126
  BITS[0] = (BITS[0]! & 0x7fffff) | 0x3f000000
  let m = SCRATCH[0]
  if (m < SQRT_HALF) {
    exponent -= 1
    m = round(round(m - 1) + m)
  } else m = round(m - 1)
  const square = round(m * m)
  let y = LOG[0]!
  for (let i = 1; i < LOG.length; i++) y = fma(y, m, LOG[i]!)
  for (let i = 0; i < LOG_LOW.length; i++) y = fma(y, m, LOG_LOW[i]!)
  y = fma(round(y * m), square, round(exponent * LN2[1]!))
  y = fma(square, -0.5, y)
  return fma(exponent, LN2[0]!, round(m + y))
}

/** Writes sin(x) to out[0] and cos(x) to out[1] for a float32 x in [0, 8192). */
export function sinCos(x: number, out: Float32Array): void {
  const octant = (Math.trunc(round(x * FOUR_OVER_PI)) + 1) & ~1
  let angle = x
  for (let i = 0; i < QUARTER_PI.length; i++) angle = fma(-octant, QUARTER_PI[i]!, angle)
  const square = round(angle * angle)
  let cos = fma(fma(COS[0]!, square, COS[1]!), square, COS[2]!)
  cos = round(fma(round(cos * square), square, -square / 2) + 1)
  let sin = fma(fma(SIN[0]!, square, SIN[1]!), square, SIN[2]!)
  sin = fma(round(sin * square), angle, angle)
  const swap = (octant & 2) !== 0
  out[0] = (swap ? cos : sin) * (octant & 4 ? -1 : 1)
  out[1] = (swap ? sin : cos) * ((octant - 2) & 4 ? 1 : -1)
}
