// How many frames a request makes, and how fast they play. `num_frames` wins over `seconds`; an edit has its source's; an
// extension counts the new ones, beside the overlap that the model sees again.

import type { Config } from '../config/config.ts'
import { type Bounds, FPS, refusal, within } from './bounds.ts'
import type { RequestWish, Source } from './wish.ts'

interface FrameRules {
  readonly defaults: { readonly num_frames: number; readonly fps: number }
  readonly bounds: { readonly num_frames: Bounds; readonly overlap: Bounds }
  readonly limits: Config['limits']
}

interface Frames {
  readonly num_frames: number
  readonly fps: number
  readonly overlap?: number
  readonly input_frames?: number
}

const OVERLAP = 4

/** Throws ServerError naming value, range and way out. */
export function resolveFrames(wish: RequestWish, rules: FrameRules): Frames {
  const { task, source } = wish
  const fps = within('fps', wish.fps ?? playable(source?.fps) ?? rules.defaults.fps, FPS)
  const wished = wishedFrames(wish, fps, rules)
  if (wish.overlap !== undefined && task !== 'extend') throw refusal('overlap goes with a video to continue: leave it out', 'overlap')
  if (task === 'generate' || !source)
    return { num_frames: wished ?? Math.min(rules.defaults.num_frames, rules.bounds.num_frames.most), fps }
  if (task === 'edit') return { num_frames: editFrames(wish, source, wished, rules), fps, input_frames: source.frames }
  return { ...extendFrames(wish, source, wished, rules), fps, input_frames: source.frames }
}

function wishedFrames({ num_frames, seconds }: RequestWish, fps: number, { bounds }: FrameRules): number | undefined {
  if (num_frames !== undefined) return within('num_frames', num_frames, bounds.num_frames)
  if (seconds === undefined) return undefined
  const [least, most] = [Math.ceil(1000 / fps) / 1000, Math.floor((bounds.num_frames.most / fps) * 1000) / 1000]
  const frames = Math.round(seconds * fps)
  if (!(seconds > 0 && frames >= 1 && frames <= bounds.num_frames.most))
    throw refusal(`seconds is ${seconds}; at ${fps} frames a second it must be from ${least} to ${most}: that, or a lower fps`, 'seconds')
  return frames
}

function editFrames(wish: RequestWish, { frames }: Source, wished: number | undefined, { limits }: FrameRules): number {
  if (frames > limits.frames)
    throw refusal(`the video has ${frames} frames; at most ${limits.frames} are edited: take a shorter one`, 'video')
  if (wished !== undefined && wished !== frames)
    throw refusal(
      `an edit has the frames of its video, ${frames}, not ${wished}: leave num_frames and seconds out`,
      wish.num_frames === undefined ? 'seconds' : 'num_frames',
    )
  return frames
}

function extendFrames(
  wish: RequestWish,
  source: Source,
  wished: number | undefined,
  rules: FrameRules,
): { num_frames: number; overlap: number } {
  const { bounds, limits, defaults } = rules
  if (limits.frames < 2) throw refusal('videos of one frame are made here, which cannot continue another', 'video')
  const overlap = within('overlap', wish.overlap ?? Math.min(OVERLAP, source.frames, bounds.overlap.most), bounds.overlap)
  if (overlap > source.frames)
    throw refusal(`overlap is ${overlap}; the video to continue has ${source.frames} frames: take at most so many`, 'overlap')
  const room = bounds.num_frames.most - overlap
  const count = wished ?? Math.min(Math.max(1, defaults.num_frames - overlap), room)
  const param = wish.num_frames === undefined && wish.seconds !== undefined ? 'seconds' : 'num_frames'
  if (count > room)
    throw refusal(
      `${count} new frames and an overlap of ${overlap} are more than ${bounds.num_frames.most}: ask for at most ${room} new ones`,
      param,
    )
  const most = Math.max(limits.uploadFrames, limits.frames)
  if (source.frames + count > most)
    throw refusal(
      `the video has ${source.frames} frames and would have ${source.frames + count}; the most is ${most}: continue a shorter one`,
      param,
    )
  return { num_frames: count, overlap }
}

/** A source's own rate may be one that no file of ours takes. */
function playable(fps: number | undefined): number | undefined {
  return fps === undefined ? undefined : Math.min(FPS.most, Math.max(FPS.least, Math.round(fps * 1000) / 1000))
}
