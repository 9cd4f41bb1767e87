// Which frames of a source are kept: all, a part, the last ones, or as many as a constant rate needs.
// Plain arithmetic on timestamps; decoders ask it frame by frame, lists of pictures all at once.

import type { FramePick } from './job.ts'
import type { Rate } from './rate.ts'

/**
 * Frames of a constant rate that begin before this time. A frame shown from a to b is worth
 * `slotsBefore(b) - slotsBefore(a)` copies, so that each one of the result shows what stands on the screen in its
 * middle. Integers throughout; rounds half up, as FFmpeg's fps filter does.
 */
export function slotsBefore(ticks: bigint, timeBase: Rate, rate: Rate): number {
  const scale = BigInt(timeBase.den) * BigInt(rate.den)
  const doubled = 2n * ticks * BigInt(timeBase.num) * BigInt(rate.num) + scale
  const slots = doubled / (2n * scale)
  // Division truncates; a time before the file's beginning rounds down as the others do.
  return Number(doubled < 0n && slots * 2n * scale !== doubled ? slots - 1n : slots)
}

/** How often each of a list of frames is shown at a rate. `delays` are in units of `timeBase`. */
export function copiesAtRate(delays: readonly number[], timeBase: Rate, rate: Rate): number[] {
  let time = 0n
  return delays.map((delay) => {
    const begin = slotsBefore(time, timeBase, rate)
    time += BigInt(Math.round(delay))
    return slotsBefore(time, timeBase, rate) - begin
  })
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
