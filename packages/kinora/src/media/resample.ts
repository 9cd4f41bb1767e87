// Weights of a one-dimensional resampling, and the two passes over 8-bit RGB that use them: what
// Pillow's Image.resize does, bit for bit. A filter is stretched by the reduction (antialiasing), its
// weights are fixed-point numbers with 22 fractional bits, and the picture between the passes is
// 8-bit again. Pillow 12, src/libImaging/Resample.c; nearest: ImagingScaleAffine in Geometry.c.

/** Pillow's filters. `Image.resize` uses bicubic unless told otherwise, diffusers' VaeImageProcessor lanczos. */
export type ResampleFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'

interface Filter {
  readonly support: number
  readonly weight: (x: number) => number
}

/** Eight bits of a 32-bit sum are the pixel's, two are room for weights below 0 and above 1. */
const PRECISION_BITS = 32 - 8 - 2
const HALF = 1 << (PRECISION_BITS - 1)

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

/** Taps that the pass over columns takes at once. */
const TOGETHER = 4

/** Hamming's two constants are single-precision in Pillow. */
const HAMMING = [Math.fround(0.54), Math.fround(0.46)] as const

const FILTERS: Readonly<Record<Exclude<ResampleFilter, 'nearest'>, Filter>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: (x) => (Math.abs(x) < 1 ? sinc(x) * (HAMMING[0] + HAMMING[1] * Math.cos(x * Math.PI)) : 0) },
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

/** Keys' convolution with a = -0.5. */
function cubic(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
}

/** For each output position: where its taps begin, how many there are, and their weights. */
export interface Taps {
  readonly first: Int32Array
  readonly count: Int32Array
  /** `stride` of them for each position, a multiple of four; those after `count` are 0. */
  readonly weights: Int32Array
  readonly stride: number
}

export function resampleTaps(from: number, to: number, name: ResampleFilter): Taps {
  if (name === 'nearest') return nearestTaps(from, to)
  const { support, weight } = FILTERS[name]
  const scale = from / to
  const stretch = Math.max(1, scale)
  const reach = support * stretch
  const stride = Math.ceil((Math.ceil(reach) * 2 + 1) / TOGETHER) * TOGETHER
  const taps = { first: new Int32Array(to), count: new Int32Array(to), weights: new Int32Array(to * stride), stride }
  const shares = new Float64Array(stride)
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - reach + 0.5))
    const count = Math.min(from, Math.trunc(centre + reach + 0.5)) - first
    let sum = 0
    for (let i = 0; i < count; i++) {
      shares[i] = weight((i + first - centre + 0.5) * (1 / stretch))
      sum += shares[i]!
    }
    for (let i = 0; i < count; i++) taps.weights[at * stride + i] = fixed(sum === 0 ? shares[i]! : shares[i]! / sum)
    taps.first[at] = first
    taps.count[at] = count
  }
  return taps
}

/** Rounds half away from zero. */
function fixed(share: number): number {
  return Math.trunc(share * 2 ** PRECISION_BITS + (share < 0 ? -0.5 : 0.5))
}

function nearestTaps(from: number, to: number): Taps {
  const scale = from / to
  const first = new Int32Array(to)
  const weights = new Int32Array(to * TOGETHER)
  // Added up, not multiplied: rounding is part of the result.
  for (let at = 0, place = scale * 0.5; at < to; at++, place += scale) {
    first[at] = Math.min(from - 1, Math.trunc(place))
    weights[at * TOGETHER] = 2 ** PRECISION_BITS
  }
  return { first, count: new Int32Array(to).fill(1), weights, stride: TOGETHER }
}

/** Rows of `from` RGB pixels to rows of `taps.first.length`, each row on its own. */
export function resampleRows(source: Uint8Array, from: number, rows: number, taps: Taps, out: Uint8ClampedArray): void {
  const { first, count, weights, stride } = taps
  let to = 0
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < first.length; x++, to += 3) {
      let red = HALF
      let green = HALF
      let blue = HALF
      let p = (row * from + first[x]!) * 3
      const end = x * stride + count[x]!
      for (let k = x * stride; k < end; k++, p += 3) {
        const weight = weights[k]!
        red = (red + Math.imul(source[p]!, weight)) | 0
        green = (green + Math.imul(source[p + 1]!, weight)) | 0
        blue = (blue + Math.imul(source[p + 2]!, weight)) | 0
      }
      out[to] = red >> PRECISION_BITS
      out[to + 1] = green >> PRECISION_BITS
      out[to + 2] = blue >> PRECISION_BITS
    }
  }
}

/** The other pass: columns of rows of `width` RGB pixels. Whole rows at a time, since memory is read in that order. */
export function resampleColumns(source: Uint8Array, width: number, taps: Taps, out: Uint8ClampedArray): void {
  const { first, count, weights, stride } = taps
  const row = width * 3
  const last = source.length - row
  const sums = new Int32Array(row)
  for (let y = 0; y < first.length; y++) {
    sums.fill(HALF)
    for (let k = 0; k < count[y]!; k += TOGETHER) {
      // Past the last tap the weights are 0, so that any row will do.
      const starts = Int32Array.of(0, 1, 2, 3).map((i) => Math.min((first[y]! + k + i) * row, last))
      const four = weights.subarray(y * stride + k, y * stride + k + TOGETHER)
      if (k + TOGETHER < count[y]!) addRows(source, starts, four, sums)
      else finishRow(source, starts, four, sums, out.subarray(y * row, (y + 1) * row))
    }
  }
}

function addRows(source: Uint8Array, starts: Int32Array, weights: Int32Array, sums: Int32Array): void {
  const [a, b, c, d] = [starts[0]!, starts[1]!, starts[2]!, starts[3]!]
  const [wa, wb, wc, wd] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!]
  for (let i = 0; i < sums.length; i++) {
    const upper = sums[i]! + Math.imul(source[a + i]!, wa) + Math.imul(source[b + i]!, wb)
    sums[i] = upper + Math.imul(source[c + i]!, wc) + Math.imul(source[d + i]!, wd)
  }
}

function finishRow(source: Uint8Array, starts: Int32Array, weights: Int32Array, sums: Int32Array, out: Uint8ClampedArray): void {
  const [a, b, c, d] = [starts[0]!, starts[1]!, starts[2]!, starts[3]!]
  const [wa, wb, wc, wd] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!]
  for (let i = 0; i < out.length; i++) {
    const upper = sums[i]! + Math.imul(source[a + i]!, wa) + Math.imul(source[b + i]!, wb)
    out[i] = (upper + Math.imul(source[c + i]!, wc) + Math.imul(source[d + i]!, wd)) >> PRECISION_BITS
  }
}
