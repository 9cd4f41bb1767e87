// When the frames of a stream are shown, as their timestamps say, and what that adds up to: how long
// they last and how many there are a second. Containers declare a rate too, but a variable one only
// approximately.

import type { Rate } from './rate.ts'

export interface Clock {
  frames: number
  /** Of the first frame, in ticks of the stream's time base. */
  begin: bigint
  latest: bigint
  /** Of the latest frame, 0 where unknown. */
  duration: bigint
}

export function newClock(): Clock {
  return { frames: 0, begin: 0n, latest: 0n, duration: 0n }
}

/** Counts one more frame, in the order of showing, and returns when it begins: never before the one before it. */
export function tick(clock: Clock, stamp: bigint | undefined, duration: bigint): bigint {
  const time = stamp ?? clock.latest + clock.duration
  if (clock.frames === 0) clock.begin = time
  clock.latest = clock.frames > 0 && time < clock.latest ? clock.latest : time
  clock.duration = duration
  clock.frames++
  return clock.latest
}

/** When the latest frame ends: as stored, else after an average frame. */
export function endOf({ frames, begin, latest, duration }: Clock): bigint {
  return latest + (duration > 0n || frames < 2 ? duration : (latest - begin) / BigInt(frames - 1))
}

/** More is a time base that was taken for a rate. */
const MAX_RATE = 1000

/**
 * Frames per second: a declared rate (most trusted first) that agrees with the timestamps to one part in a hundred or
 * their rounding; else what the timestamps say; without any, what is declared. 0 where nothing is known.
 */
export function averageRate(clock: Clock, timeBase: Rate, declared: readonly number[]): number {
  const plausible = declared.filter((rate) => rate > 0 && rate <= MAX_RATE)
  const seconds = (Number(endOf(clock) - clock.begin) * timeBase.num) / timeBase.den
  if (!(seconds > 0)) return plausible[0] ?? 0
  const doubt = Math.max(seconds * 0.01, (2 * timeBase.num) / timeBase.den)
  const agreed = plausible.find((rate) => Math.abs(clock.frames / rate - seconds) <= doubt)
  return agreed ?? Math.round((clock.frames / seconds) * 1000) / 1000
}

/** Ticks of a time in microseconds: FFmpeg counts from the first stamp of any stream of a file. */
export function ticksOf(microseconds: number, { num, den }: Rate): bigint {
  return BigInt(Math.round((microseconds * den) / (num * 1_000_000)))
}
