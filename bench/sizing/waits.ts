// What a run's waits come to.

import type { Fate, Run } from './simulate.ts'

export interface Waits {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

/** Seconds. Refused ones did not wait. */
export function waitsOf(fates: readonly Fate[]): Waits {
  const waits = fates.flatMap(({ wait }) => (wait === undefined ? [] : [wait])).toSorted((a, b) => a - b)
  const at = (part: number) => waits[Math.min(waits.length - 1, Math.floor(part * waits.length))] ?? 0
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / Math.max(1, waits.length)
  return { count: waits.length, mean, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) }
}

export function lightOnly(fates: readonly Fate[]): Fate[] {
  return fates.filter(({ heavy }) => !heavy)
}

/** How many were refused, taken more than once, given up by the service's rule, never ended for no reason, or ended more than once. */
export function accounts({ fates }: Run): { refused: number; again: number; failed: number; lost: number; duplicate: number } {
  const accepted = fates.filter(({ wait, taken }) => wait !== undefined || taken > 0)
  const count = (which: (fate: Fate) => boolean) => accepted.filter(which).length
  return {
    refused: fates.length - accepted.length,
    again: count(({ taken }) => taken > 1),
    failed: count(({ failed }) => failed),
    lost: count(({ ended, failed }) => ended === 0 && !failed),
    duplicate: count(({ ended }) => ended > 1),
  }
}
