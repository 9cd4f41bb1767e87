// Frame rates: as the fraction that containers store, and as the per-frame delays that GIF and
// animated WebP store instead. Delays are cut from running totals, so a clip keeps its length.

import { ArgumentError } from '../errors.ts'

export interface Rate {
  readonly num: number
  readonly den: number
}

const MAX_DENOMINATOR = 1001

/** Nearest fraction with a denominator up to 1001 (so 24000/1001 is exact). Throws ArgumentError outside 1..60 frames per second. */
export function frameRate(fps: number): Rate {
  if (!(fps >= 1 && fps <= 60)) throw new ArgumentError(`fps is ${fps}: it must be a number from 1 to 60`)
  let best = { num: Math.round(fps), den: 1 }
  for (let den = 1; den <= MAX_DENOMINATOR; den++) {
    const num = Math.round(fps * den)
    if (Math.abs(num / den - fps) < Math.abs(best.num / best.den - fps) - 1e-12) best = { num, den }
  }
  return best
}

/** Fastest GIF that players show as it is: they slow shorter delays than 20 ms down to 100 ms. */
export const MAX_GIF_FPS = 50

/** Delay of each frame in milliseconds, a multiple of `unit` (10 for GIF, which is held to 50 fps; 1 for WebP). */
export function frameDelays(frames: number, fps: number, unit: 1 | 10): number[] {
  const shown = unit === 10 ? Math.min(fps, MAX_GIF_FPS) : fps
  const end = (index: number) => Math.round(((index + 1) * 1000) / shown / unit) * unit
  return Array.from({ length: frames }, (_, index) => end(index) - (index === 0 ? 0 : end(index - 1)))
}

/**
 * Turns delays back into a constant rate: how often each stored frame repeats (encoders merge equal
 * neighbours into one long frame), the frames per second of the whole, and the delays as browsers show
 * them, which take 10 ms and less for "not said" and wait 100 ms.
 */
export function constantRate(delays: readonly number[]): { repeats: number[]; fps: number; shown: number[] } {
  const shown = delays.map((delay) => (delay > 10 ? delay : 100))
  const unit = shown.reduce((shortest, delay) => Math.min(shortest, delay), Number.POSITIVE_INFINITY)
  const repeats = shown.map((delay) => Math.round(delay / unit))
  const total = shown.reduce((sum, delay) => sum + delay, 0)
  const fps = (repeats.reduce((sum, count) => sum + count, 0) * 1000) / total
  return { repeats, fps: Math.round(fps * 1000) / 1000, shown }
}
