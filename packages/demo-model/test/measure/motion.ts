// Names the motion of a subject from its centre, area and turn over time. Thresholds lie halfway between what the
// taught motions do (a travel of 1.1 picture half-widths, an area that changes sixteenfold) and standing still.
import type { Motion } from './vocabulary.ts'

export interface Path {
  /** Centres in [-1, 1], one per frame in which the subject is seen. */
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** Shares of the picture. */
  readonly area: readonly number[]
  /** Whole turn from first to last frame in radians, clockwise positive. */
  readonly spin: number
  readonly water: boolean
}

const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length

/** Correlation of values with time, in [-1, 1]; 0 for values that do not change. */
export function trend(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const centre = mean(values)
  let both = 0
  let own = 0
  let time = 0
  values.forEach((v, i) => {
    both += (v - centre) * (i - middle)
    own += (v - centre) ** 2
    time += (i - middle) ** 2
  })
  return own * time === 0 ? 0 : both / Math.sqrt(own * time)
}

/** Last third over first third of the areas. */
export function areaRatio(area: readonly number[]): number {
  const third = Math.max(1, Math.floor(area.length / 3))
  return mean(area.slice(-third)) / mean(area.slice(0, third))
}

/** How often values turn around, counting only swings of at least `least`. */
function reversals(values: readonly number[], least: number): number {
  let low = values[0]!
  let high = values[0]!
  let heading = 0
  let count = 0
  for (const v of values) {
    low = Math.min(low, v)
    high = Math.max(high, v)
    const next = v - low >= least ? 1 : high - v >= least ? -1 : 0
    if (next === 0 || next === heading) {
      if (heading > 0) low = high = Math.max(high, v)
      if (heading < 0) low = high = Math.min(low, v)
      continue
    }
    if (heading !== 0) count++
    heading = next
    low = high = v
  }
  return count
}

/** Angle swept around the middle of the path, in radians. */
function swept(x: readonly number[], y: readonly number[]): number {
  const cx = (Math.max(...x) + Math.min(...x)) / 2
  const cy = (Math.max(...y) + Math.min(...y)) / 2
  let total = 0
  for (let i = 1; i < x.length; i++) {
    const turn = Math.atan2(y[i]! - cy, x[i]! - cx) - Math.atan2(y[i - 1]! - cy, x[i - 1]! - cx)
    total += turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI))
  }
  return total
}

/** The motion that a path shows, or undefined when it is none of the taught ones. */
export function nameMotion({ x, y, area, spin, water }: Path): Motion | undefined {
  if (x.length < 4) return undefined
  const wide = range(x)
  const high = range(y)
  if (water) return wide > 0.5 && trend(x) > 0.9 ? 'surf' : undefined
  if (wide > 0.4 && high > 0.4) return Math.abs(swept(x, y)) > 1.4 * Math.PI ? 'orbit' : undefined
  if (wide > 0.55 && Math.abs(trend(x)) > 0.9) return trend(x) > 0 ? 'right' : 'left'
  if (high > 0.55 && Math.abs(trend(y)) > 0.9) return trend(y) > 0 ? 'down' : 'up'
  if (high > 0.5) return reversals(y, 0.25) >= 3 ? 'bounce' : undefined
  if (wide > 0.35 || high > 0.35) return undefined
  const ratio = areaRatio(area)
  if (ratio > 2.5) return trend(area) > 0.85 ? 'grow' : undefined
  if (ratio < 0.4) return trend(area) < -0.85 ? 'shrink' : undefined
  if (Math.max(...area) > 1.8 * Math.min(...area)) return undefined
  return Math.abs(spin) > 0.8 * Math.PI ? 'spin' : 'still'
}
