// Frames to what the autoencoder's encoder takes, as diffusers' VideoProcessor.preprocess_video does.
// The reference has two ways: pictures (PIL) are resized as 8-bit pixels, by lanczos; arrays and
// tensors by torch's `interpolate`, nearest, on floats. VideoToVideoSDPipeline itself uses neither
// (do_resize=False): its users resize pictures before, most of them by `image.resize`, bicubic.

import { ArgumentError } from '../errors.ts'
import { elementCount, type Tensor, tensor } from '../tensor/tensor.ts'
import type { ResampleFilter } from './resample.ts'
import { type FrameSize, type Frames, frameSize, resizeFrames } from './resize.ts'

export interface PreprocessOptions {
  /** Sides become multiples of it, rounded down. Default 8. */
  readonly scaleFactor?: number
  /** Of the result, before rounding down. Default: the frames' own. */
  readonly height?: number
  readonly width?: number
  /** How pictures of another size are resized, or `interpolate`: as the reference treats arrays. Default lanczos. */
  readonly filter?: ResampleFilter | 'interpolate'
}

/**
 * Frames [F, H, W, 3] or [B, F, H, W, 3], 8-bit or floats in [0, 1] -> [B, 3, F, height, width] in [-1, 1]. Floats
 * that already have the size are not rounded to bytes. Throws ArgumentError for bad frames or sizes.
 */
export function preprocessVideo(frames: Frames, options: PreprocessOptions = {}): Tensor<'float32'> {
  const size = roundedSize(frameSize(frames), options)
  const { filter = 'lanczos' } = options
  return toChannelsFirst(filter === 'interpolate' ? interpolateFrames(frames, size) : resizeFrames(frames, size, filter))
}

function roundedSize(own: FrameSize, { scaleFactor = 8, height = own.height, width = own.width }: PreprocessOptions): FrameSize {
  if (!(Number.isInteger(scaleFactor) && scaleFactor >= 1))
    throw new ArgumentError(`scaleFactor is ${scaleFactor}: it must be a whole number from 1`)
  const size = { width: width - (width % scaleFactor), height: height - (height % scaleFactor) }
  if (!(size.width >= 1 && size.height >= 1)) {
    throw new ArgumentError(`frames of ${width}x${height} are too small: each side must be at least ${scaleFactor}`)
  }
  return size
}

/** [B, F, H, W, 3] in [0, 1] -> [B, 3, F, H, W] in [-1, 1] */
function toChannelsFirst(frames: Frames): Tensor<'float32'> {
  const [height = 0, width = 0] = frames.shape.slice(-3)
  const count = frames.shape.at(-4)!
  const batch = frames.shape.length === 5 ? frames.shape[0]! : 1
  const pixels = height * width
  const out = tensor('float32', [batch, 3, count, height, width])
  const floats = new Float32Array(frames.dtype === 'uint8' ? pixels * 3 : 0)
  for (let index = 0; index < batch * count; index++) {
    const picture = frames.data.subarray(index * pixels * 3, (index + 1) * pixels * 3)
    const unit = picture instanceof Uint8Array ? toUnit(picture, floats) : picture
    const first = (Math.floor(index / count) * 3 * count + (index % count)) * pixels
    for (let channel = 0; channel < 3; channel++) {
      const start = first + channel * count * pixels
      writePlane(unit, channel, out.data.subarray(start, start + pixels))
    }
  }
  return out
}

function toUnit(bytes: Uint8Array, floats: Float32Array): Float32Array {
  for (let i = 0; i < floats.length; i++) floats[i] = bytes[i]! / 255
  return floats
}

function writePlane(picture: Float32Array, channel: number, plane: Float32Array): void {
  for (let at = 0, from = channel; at < plane.length; at++, from += 3) {
    const value = picture[from]!
    if (!(value >= 0 && value <= 1)) throw new ArgumentError(`frames must have values in [0, 1], got ${value}`)
    plane[at] = 2 * value - 1
  }
}

/** torch.nn.functional.interpolate(mode='nearest') on frames [..., H, W, 3]; 8-bit ones become floats in [0, 1]. */
export function interpolateFrames(frames: Frames, size: FrameSize): Tensor<'float32'> {
  const from = frameSize(frames)
  const columns = nearestPlaces(from.width, size.width)
  const rows = nearestPlaces(from.height, size.height)
  const out = tensor('float32', [...frames.shape.slice(0, -3), size.height, size.width, 3])
  const unit = frames.dtype === 'uint8' ? 255 : 1
  const count = elementCount(frames.shape.slice(0, -3))
  let to = 0
  for (let index = 0; index < count; index++) {
    for (const row of rows) {
      for (const column of columns) {
        const at = ((index * from.height + row) * from.width + column) * 3
        for (let channel = 0; channel < 3; channel++) out.data[to++] = frames.data[at + channel]! / unit
      }
    }
  }
  return out
}

/** Which input position each output position takes; torch computes it in single precision. */
export function nearestPlaces(from: number, to: number): Int32Array {
  const scale = Math.fround(from / to)
  return Int32Array.from({ length: to }, (_, at) => Math.min(from - 1, Math.floor(Math.fround(at * scale))))
}
