// Frames at another size whose proportions differ: stretched, cropped or with black bars. Sizes and
// places follow `_resize_and_crop` and `_resize_and_fill` of diffusers' VaeImageProcessor; that one
// smears the edges into the bars, here they are black.

import { ArgumentError } from '../errors.ts'
import type { ResampleFilter } from './resample.ts'
import { type FrameSize, type Frames, frameSize, mapPictures, pictureResizer, resizeFrames } from './resize.ts'

/** `cover` fills the size and cuts off what stands over; `contain` shows everything, with black bars. */
export type FitMode = 'stretch' | 'cover' | 'contain'

/**
 * Frames [F, H, W, 3] or [B, F, H, W, 3] at exactly this size, same dtype. Default: stretched, by lanczos. Throws
 * ArgumentError for bad frames, sizes, modes or filters.
 */
export function fitFrames<T extends Frames>(frames: T, size: FrameSize, mode?: FitMode, filter?: ResampleFilter): T
export function fitFrames(frames: Frames, size: FrameSize, mode: FitMode = 'stretch', filter: ResampleFilter = 'lanczos'): Frames {
  if (mode === 'stretch') return resizeFrames(frames, size, filter)
  if (mode !== 'cover' && mode !== 'contain') {
    throw new ArgumentError(`the mode ${JSON.stringify(mode)} is unknown: use stretch, cover or contain`)
  }
  const from = frameSize(frames)
  const scaled = scaledSize(from, size, mode)
  if (scaled.width === size.width && scaled.height === size.height) return resizeFrames(frames, size, filter)
  const resize = pictureResizer(from, scaled, filter)
  const canvas = new Uint8Array(size.width * size.height * 3)
  return mapPictures(frames, size, (rgb) => paste(resize(rgb), scaled, canvas, size))
}

/** Size that keeps the proportions: it covers `size`, or is contained in it. */
function scaledSize(from: FrameSize, size: FrameSize, mode: 'cover' | 'contain'): FrameSize {
  const wider = size.width * from.height > from.width * size.height
  if (wider === (mode === 'cover')) return { width: size.width, height: side(from.height, size.width, from.width) }
  return { width: side(from.width, size.height, from.height), height: size.height }
}

function side(length: number, times: number, over: number): number {
  return Math.max(1, Math.floor((length * times) / over))
}

/** Puts a picture into the middle of the canvas, which is smaller along one axis or larger. */
function paste(rgb: Uint8Array, from: FrameSize, canvas: Uint8Array, size: FrameSize): Uint8Array {
  const left = Math.floor(size.width / 2) - Math.floor(from.width / 2)
  const top = Math.floor(size.height / 2) - Math.floor(from.height / 2)
  const width = Math.min(from.width, size.width)
  const skip = Math.max(0, -left)
  for (let y = Math.max(0, top); y < Math.min(size.height, top + from.height); y++) {
    const start = ((y - top) * from.width + skip) * 3
    canvas.set(rgb.subarray(start, start + width * 3), (y * size.width + Math.max(0, left)) * 3)
  }
  return canvas
}
