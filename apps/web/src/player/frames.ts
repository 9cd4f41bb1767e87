// Frames and times of a video. Frame n is shown from n / fps on; a seek goes to its middle, where no rounding of the file's
// time scale can reach a neighbour.

import type { VideoObject } from '../api/types.ts'

/** A continued video has its source's frames as well. */
export function frameCount({ num_frames, input_frames = 0, task }: VideoObject): number {
  return Math.max(1, task === 'extend' ? num_frames + input_frames : num_frames)
}

/** Seconds at which frame `frame`, from 0, is shown beyond doubt. */
export function timeOfFrame(frame: number, fps: number): number {
  return (frame + 0.5) / fps
}

/** The frame at a time of playing. */
export function frameAt(seconds: number, fps: number, count: number): number {
  return within(Math.floor(seconds * fps + 1e-6), count)
}

/** The frame that begins at `mediaTime`, which is rounded to the file's time scale. */
export function frameStartingAt(mediaTime: number, fps: number, count: number): number {
  return within(Math.round(mediaTime * fps), count)
}

/** Stepping goes round: after the last frame comes the first. */
export function stepped(frame: number, steps: number, count: number): number {
  return (((frame + steps) % count) + count) % count
}

function within(frame: number, count: number): number {
  return Math.min(count - 1, Math.max(0, frame))
}
