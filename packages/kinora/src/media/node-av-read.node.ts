// Reading video through node-av: counts the frames of a file, or hands out those that are asked for,
// as a player shows them. Bounds hold before memory is taken.

import { AVCOL_TRC_ARIB_STD_B67, AVCOL_TRC_SMPTE2084, type AVPixelFormat } from 'node-av/constants'
import { avGetPixFmtName, type Frame } from 'node-av/lib'
import { averageRate, endOf, newClock, tick } from './clock.ts'
import { pixelLayout, shownPicture } from './coded.ts'
import { checkLimits, type DecodedInfo, type DecodeJob, type FramePick, type VideoInfo } from './job.ts'
import { decodedFrames } from './node-av-frames.node.ts'
import { closeVideo, type OpenVideo, openVideo } from './node-av-input.node.ts'
import { pixelReader } from './node-av-pixels.node.ts'
import { frameRing, frameWindow, slotsBefore } from './pick.ts'

/** Decodes the whole video and says what is in it, sizes as stored. */
export function probe(path: string): VideoInfo {
  const video = openVideo(path)
  const clock = newClock()
  for (const { frame, stamp } of decodedFrames(video)) tick(clock, stamp, frame.duration)
  closeVideo(video)
  return { width: video.width, height: video.height, frames: clock.frames, fps: averageRate(clock, video.timeBase, video.rates) }
}

/** Hands out the picked frames as RGB bytes [height, width, 3]. */
export async function decode({ path, limits, pick }: DecodeJob, emit: (rgb: Uint8Array) => Promise<void>): Promise<DecodedInfo> {
  const video = openVideo(path)
  const { width, height, stream } = video
  const { layout, transfer } = pixelLayout(
    avGetPixFmtName(stream.codecpar.format as AVPixelFormat) ?? '',
    transferName(stream.codecpar.colorTrc),
  )
  checkLimits({ width, height, frames: 1 }, limits)
  const picture = shownPicture({ ...video, layout, transfer })
  const readPixels = pixelReader(video, layout)
  let frames = 0
  const within = (count: number) => checkLimits({ width: picture.width, height: picture.height, frames: count }, limits)
  const keep = async (frame: Frame, copies: number) => {
    if (copies === 0) return
    frames += copies
    within(frames)
    const rgb = picture.show(readPixels(frame))
    for (let copy = 0; copy < copies; copy++) await emit(rgb)
  }
  const { ended, fps } = await pickFrames(video, pick, keep, within)
  closeVideo(video)
  return { width: picture.width, height: picture.height, frames, fps, ended, notes: picture.notes }
}

/** `keep` gets each picked frame, `within` how many are held back in memory. */
async function pickFrames(
  video: OpenVideo,
  pick: FramePick,
  keep: (frame: Frame, copies: number) => Promise<void>,
  within: (frames: number) => void,
): Promise<{ ended: boolean; fps: number }> {
  const { rate, last } = pick
  const window = frameWindow(pick)
  const ring = last === undefined ? undefined : frameRing<Frame>(last, (frame) => frame.free())
  const give = async (frame: Frame, copies: number) => {
    if (ring) {
      ring.push(frame, copies)
      return within(ring.held)
    }
    await keep(frame, window.take(copies))
    frame.free()
  }
  let shown = 0
  const copies = (from: bigint, to: bigint) => {
    const count = rate ? slotsBefore(to, video.timeBase, rate) - slotsBefore(from, video.timeBase, rate) : 1
    shown += count
    return count
  }
  const clock = newClock()
  // A frame's copies are known once the next one's time is.
  let waiting: { frame: Frame; start: bigint } | undefined
  for (const { frame, stamp } of decodedFrames(video)) {
    const start = tick(clock, stamp, frame.duration)
    if (waiting) await give(waiting.frame, copies(waiting.start, start))
    waiting = undefined
    if (window.full) break
    waiting = { frame: copyOf(frame), start }
  }
  if (waiting) {
    const rest = copies(waiting.start, endOf(clock))
    // A video too short for a single frame makes one all the same.
    await give(waiting.frame, shown === 0 ? 1 : rest)
  }
  for (const { item, copies: kept } of ring?.drain() ?? []) {
    await keep(item, kept)
    item.free()
  }
  return { ended: !window.full, fps: rate ? rate.num / rate.den : averageRate(clock, video.timeBase, video.rates) }
}

/** Another reference to the same pixels. */
function copyOf(frame: Frame): Frame {
  const copy = frame.clone()
  if (!copy) throw new Error('there is no memory for another frame')
  return copy
}

function transferName(transfer: number): string {
  return transfer === AVCOL_TRC_SMPTE2084 ? 'smpte2084' : transfer === AVCOL_TRC_ARIB_STD_B67 ? 'arib-std-b67' : ''
}
