// Reads clips through every backend that is there, and recognises in the frames what `quarters` painted
// (paint.ts), whatever a codec made of the colours.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type ReadOptions, readVideo, type VideoFrames } from '../../src/media/read.node.ts'
import { inFolder } from './clips.ts'
import { type ClipOptions, makeClip } from './encode.ts'

const hasFfmpeg = spawnSync('ffprobe', ['-version']).status === 0
if (!hasFfmpeg) console.log('ffmpeg is not on PATH: only node-av reads')

export const BACKENDS = hasFfmpeg ? (['node-av', 'ffmpeg'] as const) : (['node-av'] as const)

/** Reads through every backend and checks that they agree to 2 of 255, versions of FFmpeg differing by as much. */
export async function read(path: string, options: ReadOptions = {}): Promise<VideoFrames> {
  const [first, ...others] = await Promise.all(BACKENDS.map((backend) => readVideo(path, { ...options, backend })))
  for (const other of others) {
    const { frames, ...facts } = other
    expect(facts).toEqual({ ...first, frames: undefined })
    expect(frames.shape).toEqual(first!.frames.shape)
    const worst = frames.data.reduce((most, value, at) => Math.max(most, Math.abs(value - first!.frames.data[at]!)), 0)
    expect(worst * 255).toBeLessThanOrEqual(2)
  }
  return first!
}

/** Makes a clip and reads it. */
export function roundTrip(name: string, clip: ClipOptions, options: ReadOptions = {}): Promise<VideoFrames> {
  return inFolder((folder) => {
    makeClip(join(folder, name), clip)
    return read(join(folder, name), options)
  })
}

/** 8-bit colour at a place given in shares of the size. */
export function colour({ frames, width, height }: VideoFrames, x: number, y: number, frame = 0): number[] {
  const at = ((frame * height + Math.floor(y * height)) * width + Math.floor(x * width)) * 3
  return [...frames.data.subarray(at, at + 3)].map((value) => Math.round(value * 255))
}

export const CORNERS = [
  [0.2, 0.2],
  [0.8, 0.2],
  [0.2, 0.8],
  [0.8, 0.8],
] as const
const COLOURS: Readonly<Record<string, readonly number[]>> = {
  red: [200, 30, 30],
  green: [30, 160, 30],
  blue: [30, 30, 200],
  white: [220, 220, 220],
}

/** Names of the colours in the quarters: top left, top right, bottom left, bottom right. */
export function quartersOf(video: VideoFrames, tolerance = 12): string[] {
  return CORNERS.map(([x, y]) => {
    const found = colour(video, x, y)
    const name = Object.keys(COLOURS).find((key) => COLOURS[key]!.every((level, channel) => Math.abs(level - found[channel]!) <= tolerance))
    return name ?? `rgb ${found.join(' ')}`
  })
}

/** Which of the painted frames each one is, by the square in the middle. */
export function indexes(video: VideoFrames): number[] {
  return Array.from({ length: video.frames.shape[0]! }, (_, frame) => Math.round((colour(video, 0.5, 0.5, frame)[0]! - 40) / 20))
}
