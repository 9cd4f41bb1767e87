// How hard each codec tries: close to visually lossless, and a keyframe every two seconds so that
// short clips can be scrubbed. One table for every backend, in FFmpeg's option names.

import type { Rate } from './rate.ts'

/** H.264 and VP9 settings by container form. */
export const VIDEO_CODECS = {
  mp4: { name: 'h264', encoder: 'libx264', options: { preset: 'medium', crf: '17' } },
  webm: { name: 'vp9', encoder: 'libvpx-vp9', options: { deadline: 'good', 'cpu-used': '4', 'row-mt': '1', crf: '18' } },
} as const

/** sharp's settings for the picture forms. */
export const GIF_OPTIONS = { effort: 4, dither: 0.5, loop: 0, keepDuplicateFrames: true } as const
export const WEBP_OPTIONS = { quality: 90, effort: 4, smartSubsample: true, loop: 0 } as const

/** Frames from one keyframe to the next. */
export function keyframeInterval({ num, den }: Rate): number {
  return Math.ceil((2 * num) / den)
}

/** How pictures are turned into RGB: chroma is interpolated at full size, sums are not truncated. */
export const SCALER_FLAGS = 'bicubic+accurate_rnd+full_chroma_int'
