// Two videos against one clock: which line of frames both stand on, and what a video must do to be where the clock is. Pure.

import type { VideoObject } from '../api/types.ts'
import { frameAt, frameCount, timeOfFrame } from '../player/frames.ts'

/** A video's frames: how many, and how many a second. */
export interface Reel {
  readonly fps: number
  readonly count: number
}

/** Beyond it, a nudge takes too long: the video is put where it belongs. */
const SEEK_SECONDS = 0.15
/** Below it, nobody sees it. */
const STILL_SECONDS = 0.015
const MOST_NUDGE = 0.25
const NUDGE_PER_SECOND = 2

export function reelOf(video: VideoObject): Reel {
  return { fps: video.fps, count: frameCount(video) }
}

/** The finer steps of the two, for as long as the longer one. */
export function sharedReel(a: Reel, b: Reel): Reel {
  const fps = Math.max(a.fps, b.fps)
  return { fps, count: Math.max(1, Math.round(Math.max(secondsOf(a), secondsOf(b)) * fps)) }
}

export function secondsOf({ fps, count }: Reel): number {
  return count / fps
}

/** Where a video stands still for the clock at `time`: in the middle of the frame of then, of its last one after its end. */
export function restingTime({ fps, count }: Reel, time: number): number {
  return timeOfFrame(frameAt(time, fps, count), fps)
}

export interface Correction {
  /** It is over: it shows its last frame until the clock begins anew. */
  readonly isOver: boolean
  /** Where to put it; undefined where nudging is enough. */
  readonly seek?: number
  readonly rate: number
}

/** `current`: where a playing video is, when the clock is at `time` and goes `speed` times as fast as time. */
export function correctionOf(reel: Reel, current: number, time: number, speed: number): Correction {
  if (time >= secondsOf(reel) - 0.5 / reel.fps) {
    const last = restingTime(reel, time)
    return { isOver: true, rate: speed, ...(Math.abs(current - last) > 0.5 / reel.fps && { seek: last }) }
  }
  const drift = current - time
  if (Math.abs(drift) > SEEK_SECONDS * Math.max(1, speed)) return { isOver: false, seek: time, rate: speed }
  if (Math.abs(drift) < STILL_SECONDS) return { isOver: false, rate: speed }
  const nudge = Math.min(MOST_NUDGE, Math.max(-MOST_NUDGE, -drift * NUDGE_PER_SECOND))
  return { isOver: false, rate: speed * (1 + nudge) }
}
