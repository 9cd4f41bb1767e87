// High dynamic range pixels (PQ or HLG, BT.2020) to 8-bit BT.709, as a screen of ordinary brightness
// shows them. Each channel goes through one table: signal -> light -> compressed light; then the
// primaries are changed and the screen's gamma is taken off. ITU-R BT.2100-2, BT.2390-10 section 5.4.1
// (the roll-off), BT.2087-0 (the matrix), BT.1886 (gamma 2.4), BT.2408 (203 cd/m2 is white).

export type HdrTransfer = 'pq' | 'hlg'

/** cd/m2: what ordinary white means in HDR, and the brightest light that is told apart. */
const WHITE = 203
const PEAK = 1000

const M1 = 2610 / 16384
const M2 = (2523 / 4096) * 128
const C1 = 3424 / 4096
const C2 = (2413 / 4096) * 32
const C3 = (2392 / 4096) * 32

/** PQ signal 0..1 to cd/m2. */
function pqLight(signal: number): number {
  const root = signal ** (1 / M2)
  return 10_000 * (Math.max(0, root - C1) / (C2 - C3 * root)) ** (1 / M1)
}

function pqSignal(light: number): number {
  const power = (light / 10_000) ** M1
  return ((C1 + C2 * power) / (1 + C3 * power)) ** M2
}

/** HLG signal 0..1 to cd/m2 on a screen of 1000 cd/m2; the system gamma 1.2 is applied to each channel. */
function hlgLight(signal: number): number {
  const a = 0.17883277
  const scene = signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - (0.5 - a * Math.log(4 * a))) / a) + (1 - 4 * a)) / 12
  return PEAK * scene ** 1.2
}

const TOP = pqSignal(PEAK)
const LIMIT = pqSignal(WHITE) / TOP
const KNEE = 1.5 * LIMIT - 0.5

/** cd/m2 up to the peak -> 0..1 of white: unchanged below the knee, a Hermite spline above. */
export function compress(light: number): number {
  const signal = Math.min(1, pqSignal(light) / TOP)
  if (signal <= KNEE) return light / WHITE
  const t = (signal - KNEE) / (1 - KNEE)
  const spline = (2 * t ** 3 - 3 * t ** 2 + 1) * KNEE + (t ** 3 - 2 * t ** 2 + t) * (1 - KNEE) + (3 * t ** 2 - 2 * t ** 3) * LIMIT
  return Math.min(1, pqLight(spline * TOP) / WHITE)
}

const SHADES = 4096

/** Little-endian 16-bit RGB -> 8-bit RGB. The converter returns the same buffer each time. */
export function hdrConverter(transfer: HdrTransfer, pixels: number): (rgb48: Uint8Array) => Uint8Array {
  const light = Float32Array.from({ length: SHADES }, (_, code) => compress((transfer === 'pq' ? pqLight : hlgLight)(code / (SHADES - 1))))
  const shade = Uint8Array.from({ length: SHADES }, (_, level) => Math.round(255 * (level / (SHADES - 1)) ** (1 / 2.4)))
  const out = new Uint8Array(pixels * 3)
  // The upper 12 of 16 bits; HDR is stored with 10 or 12.
  const at = (bytes: Uint8Array, i: number) => light[(bytes[i + 1]! << 4) | (bytes[i]! >> 4)]!
  const level = (linear: number) => shade[Math.round(Math.min(1, Math.max(0, linear)) * (SHADES - 1))]!
  return (rgb48) => {
    for (let from = 0, to = 0; to < out.length; from += 6, to += 3) {
      const [red, green, blue] = [at(rgb48, from), at(rgb48, from + 2), at(rgb48, from + 4)]
      out[to] = level(1.6605 * red - 0.5876 * green - 0.0728 * blue)
      out[to + 1] = level(-0.1246 * red + 1.1329 * green - 0.0083 * blue)
      out[to + 2] = level(-0.0182 * red - 0.1006 * green + 1.1187 * blue)
    }
    return out
  }
}
