// Which frames of a source are kept: all, a part, the last ones, or as many as a constant rate needs.
// Plain arithmetic on timestamps; decoders ask it frame by frame, lists of pictures all at once.

import type { FramePick } from './job.ts'
import type { Rate } from './rate.ts'

/**
 * Frames of a constant rate that begin before this time. A frame shown from a to b is worth
 * `slotsBefore(b) - slotsBefore(a)` copies, so that each one of the result shows what stands on the screen in its middle,
 * or rather 1.5 ms before: half of all containers round to milliseconds, and where every second frame is wanted the
 * middles lie just where one frame gives way to the next. Integers throughout, as hours of ticks need.
 */
export function slotsBefore(ticks: bigint, timeBase: Rate, rate: Rate): number {
  const [num, den] = [BigInt(rate.num), BigInt(timeBase.den)]
  const scale = den * BigInt(rate.den)
  const doubled = 2n * ticks * BigInt(timeBase.num) * num + (3n * num * den) / 1000n + scale
  const slots = doubled / (2n * scale)
  // Division truncates; a time before the file's beginning rounds down as the others do.
  return Number(doubled < 0n && slots * 2n * scale !== doubled ? slots - 1n : slots)
}

/**
 * How often each frame is shown at a rate. `times` are those at which they begin, and at last when the final one ends;
 * one that is too short for a single frame makes one all the same.
 */
export function copiesOfTimes(times: readonly bigint[], timeBase: Rate, rate: Rate): number[] {
  const slots = times.map((time) => slotsBefore(time, timeBase, rate))
  const copies = slots.slice(1).map((slot, index) => slot - slots[index]!)
  if (copies.length > 0 && !copies.some((count) => count > 0)) copies[copies.length - 1] = 1
  return copies
}

/** The same for frames that are shown for `delays`, in units of `timeBase`. */
export function copiesAtRate(delays: readonly number[], timeBase: Rate, rate: Rate): number[] {
  const times = [0n]
  for (const delay of delays) times.push(times.at(-1)! + BigInt(Math.round(delay)))
  return copiesOfTimes(times, timeBase, rate)
}

export interface FrameWindow {
  /** How many of the next `copies` frames are kept. */
  take(copies: number): number
  /** No later frame will be kept. */
  readonly full: boolean
}

/** The part from `start` on, `count` long or to the end. With `last`, everything. */
export function frameWindow({ start, count = Number.POSITIVE_INFINITY }: FramePick): FrameWindow {
  let seen = 0
  const end = start + count
  return {
    take: (copies) => {
      const before = Math.min(Math.max(seen, start), end)
      seen += copies
      return Math.min(Math.max(seen, start), end) - before
    },
    get full() {
      return seen >= end
    },
  }
}

/** Kept copies of each frame of a list whose copies are all known. */
export function keptCopies(copies: readonly number[], pick: FramePick): number[] {
  const total = copies.reduce((sum, count) => sum + count, 0)
  const window = frameWindow(pick.last === undefined ? pick : { start: Math.max(0, total - pick.last) })
  return copies.map((count) => window.take(count))
}

export interface FrameRing<T> {
  push(item: T, copies: number): void
  /** The last frames in order, with the copies that are kept of each. */
  drain(): { readonly item: T; readonly copies: number }[]
  /** How many different frames are in memory. */
  readonly held: number
}

/** Holds the last `size` frames; `drop` is called for each one that is no longer needed. */
export function frameRing<T>(size: number, drop: (item: T) => void = () => {}): FrameRing<T> {
  const kept: { item: T; copies: number }[] = []
  let total = 0
  return {
    push: (item, copies) => {
      if (copies === 0) return drop(item)
      kept.push({ item, copies })
      total += copies
      while (kept[0] && total - kept[0].copies >= size) {
        total -= kept[0].copies
        drop(kept.shift()!.item)
      }
    },
    drain: () => kept.map(({ item, copies }, index) => ({ item, copies: index === 0 ? copies - Math.max(0, total - size) : copies })),
    get held() {
      return kept.length
    },
  }
}
