// How figures are written on the page: rounded as far as they are known, with units that read at a glance.

import type { Range } from './estimate.ts'

const MINUTE = 60
const HOUR = 3600

/** 0.4 s, 12 s, 3.5 min, 2.1 h. */
export function duration(seconds: number): string {
  if (seconds < 0.05) return '0 s'
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`
  if (seconds < 100) return `${seconds.toFixed(0)} s`
  const [value, unit] = seconds < HOUR ? [seconds / MINUTE, 'min'] : [seconds / HOUR, 'h']
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

/** 15 to 66 s: both ends in the unit of the higher one where they can be. */
export function span({ fast, slow }: Range): string {
  const [low, high] = [duration(fast), duration(slow)]
  const [value, unit] = low.split(' ')
  return unit === high.split(' ')[1] ? `${value} to ${high}` : `${low} to ${high}`
}

/** Dollars of one video, in cents. */
export function cents({ fast, slow }: Range): string {
  const text = (dollars: number) => String(Number((100 * dollars).toPrecision(2)))
  return fast === slow ? text(fast) : `${text(fast)} to ${text(slow)}`
}

export function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1)
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0)
}
