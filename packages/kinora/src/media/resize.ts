// Resizes the frames of a video as the reference's users do, picture by picture through Pillow:
// `image.resize((width, height))` is bicubic, diffusers' VaeImageProcessor says lanczos. Pictures are
// 8-bit, so float frames are rounded to bytes first, as diffusers' numpy_to_pil does.

import { ArgumentError } from '../errors.ts'
import { elementCount, type Tensor, tensor } from '../tensor/tensor.ts'
import { type ResampleFilter, resampleColumns, resampleRows, resampleTaps, type Taps } from './resample.ts'

export interface FrameSize {
  readonly width: number
  readonly height: number
}

/** 8-bit, or floats in [0, 1]. */
export type Frames = Tensor<'uint8'> | Tensor<'float32'>

/** Longest side of frames that are given or asked for. */
const MAX_SIDE = 16_384

/** Resizes one RGB picture [H, W, 3]; may be called many times, and returns the same buffer each time. */
export type PictureResizer = (rgb: Uint8Array) => Uint8Array

/**
 * Frames [F, H, W, 3] or [B, F, H, W, 3] at another size, same dtype; the picture is stretched. Frames that have
 * the size are returned unchanged, other floats come back as k / 255. Throws ArgumentError for bad shapes, sizes or filters.
 */
export function resizeFrames<T extends Frames>(frames: T, size: FrameSize, filter?: ResampleFilter): T
export function resizeFrames(frames: Frames, size: FrameSize, filter: ResampleFilter = 'bicubic'): Frames {
  const from = frameSize(frames)
  checkSize(size)
  if (from.width === size.width && from.height === size.height) return frames
  return mapPictures(frames, size, pictureResizer(from, size, filter))
}

/** Width and height of frames [..., H, W, 3]. Throws ArgumentError when they are something else. */
export function frameSize({ dtype, shape, data }: Frames): FrameSize {
  const [height = 0, width = 0, channels] = shape.slice(-3)
  const known = dtype === 'uint8' || dtype === 'float32'
  if (!known || (shape.length !== 4 && shape.length !== 5) || channels !== 3 || elementCount(shape) === 0) {
    const expected = '[F, H, W, 3] or [B, F, H, W, 3], uint8 or float32'
    throw new ArgumentError(`frames must be ${expected}, got ${dtype} [${shape.join(', ')}]`)
  }
  if (data.length !== elementCount(shape)) throw new ArgumentError(`frames [${shape.join(', ')}] hold ${data.length} values`)
  checkSize({ width, height })
  return { width, height }
}

function checkSize({ width, height }: FrameSize): void {
  const fits = (side: number) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE
  if (!(fits(width) && fits(height))) throw new ArgumentError(`the size is ${width}x${height}: each side must be 1..${MAX_SIDE}`)
}

/** Passes each picture of `frames` as bytes through `change`, whose results have the given size. */
export function mapPictures(frames: Frames, size: FrameSize, change: PictureResizer): Frames {
  const pixels = elementCount(frames.shape.slice(-3))
  const made = size.width * size.height * 3
  const count = elementCount(frames.shape) / pixels
  const shape = [...frames.shape.slice(0, -3), size.height, size.width, 3]
  const out = frames.dtype === 'uint8' ? tensor('uint8', shape) : tensor('float32', shape)
  const bytes = new Uint8ClampedArray(pixels)
  for (let index = 0; index < count; index++) {
    const picture = frames.data.subarray(index * pixels, (index + 1) * pixels)
    const result = change(picture instanceof Uint8Array ? picture : toBytes(picture, bytes))
    if (out.dtype === 'uint8') out.data.set(result, index * made)
    else fromBytes(result, out.data.subarray(index * made, (index + 1) * made))
  }
  return out
}

/** round(x * 255), half to even, which a clamped array does by definition; the product is single-precision as numpy's is. */
export function toBytes(floats: Float32Array, bytes: Uint8ClampedArray): Uint8Array {
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.fround(floats[i]! * 255)
  return new Uint8Array(bytes.buffer)
}

function fromBytes(bytes: Uint8Array, floats: Float32Array): void {
  for (let i = 0; i < floats.length; i++) floats[i] = bytes[i]! / 255
}

/** Prepares the weights once for many pictures. Throws ArgumentError for an unknown filter. */
export function pictureResizer(from: FrameSize, to: FrameSize, filter: ResampleFilter): PictureResizer {
  const across = from.width === to.width ? undefined : taps(from.width, to.width, filter)
  const down = from.height === to.height ? undefined : taps(from.height, to.height, filter)
  const rows = new Uint8ClampedArray(across ? to.width * from.height * 3 : 0)
  const out = new Uint8ClampedArray(down ? to.width * to.height * 3 : 0)
  const [rowBytes, outBytes] = [new Uint8Array(rows.buffer), new Uint8Array(out.buffer)]
  return (rgb) => {
    if (across) resampleRows(rgb, from.width, from.height, across, rows)
    const between = across ? rowBytes : rgb
    if (!down) return between
    resampleColumns(between, to.width, down, out)
    return outBytes
  }
}

function taps(from: number, to: number, filter: ResampleFilter): Taps {
  const known: readonly string[] = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos']
  if (!known.includes(filter)) throw new ArgumentError(`the filter ${JSON.stringify(filter)} is unknown: use ${known.join(', ')}`)
  return resampleTaps(from, to, filter)
}
