// Fast seeded Gaussian noise for weights that only have to look like weights: a table of normal
// quantiles indexed by the 16-bit halves of a xorshift32 draw (Marsaglia 2003). It is not torch's
// generator and matches no other library; src/tensor/random.ts does that.

const TABLE_SIZE = 65536

/** 32-bit FNV-1a of `text`, never 0: a seed for each tensor name, whatever the order of writing. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 1
}

/**
 * The normal quantiles at (i + 0.5) / 65536, scaled to a standard deviation of exactly 1. The
 * density is integrated outwards from the median by the midpoint rule, so no fitted constants.
 */
export function normalQuantiles(): Float64Array {
  const table = new Float64Array(TABLE_SIZE)
  const slope = (x: number): number => Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2)
  let x = slope(0) / (2 * TABLE_SIZE)
  for (let i = TABLE_SIZE / 2; i < TABLE_SIZE; i++) {
    table[i] = x
    table[TABLE_SIZE - 1 - i] = -x
    x += slope(x + slope(x) / (2 * TABLE_SIZE)) / TABLE_SIZE
  }
  const variance = table.reduce((sum, value) => sum + value * value, 0) / TABLE_SIZE
  return table.map((value) => value / Math.sqrt(variance))
}

/** Fills typed arrays with entries of a 65536-entry table; state carries over from call to call. */
export function tableSampler<T extends Float32Array | Uint16Array>(table: T, seed: number): (out: T) => void {
  let state = seed
  return (out) => {
    let x = state
    for (let i = 0; i < out.length; i += 2) {
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
      out[i] = table[x & 0xffff]!
      if (i + 1 < out.length) out[i + 1] = table[x >>> 16]!
    }
    state = x
  }
}
