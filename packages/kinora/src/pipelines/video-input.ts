// Frames that a caller brings: read from a file where a path is given, checked, resized, and turned into
// what the encoder takes. How files are decoded and pictures resized is media's matter.

import { readVideo } from '#video'
import { ArgumentError } from '../errors.ts'
import { preprocessVideo } from '../media/preprocess.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { elementCount, tensor } from '../tensor/tensor.ts'
import { concatBatch } from './latents.ts'
import type { VideoInput } from './options.ts'
import type { Size } from './settings.ts'

type Float = Tensor<'float32'>

/** The frames of a video, [B, F, H, W, 3] in [0, 1]; of a file only the `last` ones where that is given. */
export async function readFrames(video: VideoInput, options: { last?: number; signal?: AbortSignal | undefined } = {}): Promise<Float> {
  if (typeof video !== 'string') return checked(video)
  const { last, signal } = options
  const { frames } = await readVideo(video, { ...(last !== undefined && { last }), ...(signal && { signal }) })
  return checked(frames)
}

function checked({ shape, data }: Float): Float {
  const batched = shape.length === 4 ? [1, ...shape] : shape
  if (batched.length !== 5 || batched[4] !== 3 || elementCount(batched) === 0)
    throw new ArgumentError(`the video has the shape [${shape.join(', ')}]; it must be [F, H, W, 3] or [B, F, H, W, 3]`)
  return tensor('float32', batched, data)
}

/** What a generation from this video has: the wished size, or the video's rounded down to whole latents. */
export function sizeOf(video: Float, scaleFactor: number, wished: { height?: number | undefined; width?: number | undefined }): Size {
  const [, numFrames, height, width] = checked(video).shape as [number, number, number, number]
  const floor = (pixels: number) => Math.max(scaleFactor, pixels - (pixels % scaleFactor))
  return { height: wished.height ?? floor(height), width: wished.width ?? floor(width), numFrames }
}

/** [B, F, H, W, 3] -> its last `count` frames; throws ArgumentError when it is shorter. */
export function lastFrames(video: Float, count: number): Float {
  const [batch, frames, ...rest] = checked(video).shape as [number, number, number, number, number]
  if (frames < count) throw new ArgumentError(`the video to continue has ${frames} frames, fewer than the overlap of ${count}`)
  const size = elementCount(rest)
  const rows = Array.from({ length: batch }, (_, b) =>
    tensor('float32', [1, count, ...rest], video.data.subarray(((b + 1) * frames - count) * size, (b + 1) * frames * size)),
  )
  return concatBatch(rows)
}

/** [B, F, H, W, 3] in [0, 1] -> [B, 3, F, height, width] in [-1, 1], resized like pictures are. */
export function pixelsForEncoder(video: Float, { height, width }: { height: number; width: number }): Float {
  return preprocessVideo(video, { height, width, scaleFactor: 1, filter: 'bicubic' })
}
