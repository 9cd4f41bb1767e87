// Float frames to 8-bit pixels, one frame at a time so that a long video is never held twice. It
// knows nothing of containers or codecs. Rounding is numpy's (half to even), as in diffusers'
// image processor, which a Uint8ClampedArray does by definition.

import { ArgumentError } from '../errors.ts'
import { elementCount, type Tensor } from '../tensor/tensor.ts'

/** Longest side that H.264, VP9 and WebP all take. */
const MAX_SIDE = 8192

export interface VideoSize {
  readonly frames: number
  readonly height: number
  readonly width: number
}

/** Size of a video tensor [F, H, W, 3]. Throws ArgumentError for any other dtype or shape, and for sides outside 1..8192. */
export function videoSize(video: Tensor): VideoSize {
  const [frames = 0, height = 0, width = 0, channels] = video.shape
  if (video.dtype !== 'float32' || video.shape.length !== 4 || channels !== 3) {
    throw new ArgumentError(`frames must be float32 [F, H, W, 3] with values in [0, 1], got ${video.dtype} [${video.shape.join(', ')}]`)
  }
  if (frames < 1) throw new ArgumentError('a video needs at least 1 frame, got 0')
  if (!(inSide(height) && inSide(width))) throw new ArgumentError(`frames are ${width}x${height}: each side must be 1..${MAX_SIDE}`)
  if (video.data.length !== elementCount(video.shape))
    throw new ArgumentError(`frames [${video.shape.join(', ')}] hold ${video.data.length} values`)
  return { frames, height, width }
}

function inSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= MAX_SIDE
}

/**
 * Pixels of one frame, row-major [H, W, channels]: round(x * 255) clamped to 0..255, NaN becomes 0,
 * alpha is opaque. Writes into `out` when given, so that a loop needs one buffer only.
 */
export function frameBytes(video: Tensor<'float32'>, index: number, channels: 3 | 4 = 3, out?: Uint8ClampedArray): Uint8ClampedArray {
  const { height, width } = videoSize(video)
  const pixels = height * width
  const bytes = out ?? new Uint8ClampedArray(pixels * channels)
  const { data } = video
  let source = index * pixels * 3
  for (let at = 0; at < pixels * channels; at += channels) {
    bytes[at] = data[source++]! * 255
    bytes[at + 1] = data[source++]! * 255
    bytes[at + 2] = data[source++]! * 255
    if (channels === 4) bytes[at + 3] = 255
  }
  return bytes
}

/** The inverse: 8-bit RGB of all frames, [F, H, W, 3] cut anywhere, to floats in [0, 1]. Empties the list as it goes, so that memory is held once. */
export function framesFromChunks(chunks: Uint8Array[], { frames, height, width }: VideoSize): Tensor<'float32'> {
  const data = new Float32Array(frames * height * width * 3)
  let at = 0
  for (let index = 0; index < chunks.length; index++) {
    const chunk = chunks[index]!
    for (let i = 0; i < chunk.length; i++, at++) data[at] = chunk[i]! / 255
    chunks[index] = new Uint8Array(0)
  }
  if (at !== data.length) throw new RangeError(`${frames} frames of ${width}x${height} need ${data.length} bytes, got ${at}`)
  return { dtype: 'float32', shape: [frames, height, width, 3], data }
}
