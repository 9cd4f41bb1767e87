// What can be saved: bare frames, or a pipeline's result, of which one video is picked. The result's
// form is described here structurally, since media knows nothing of pipelines.

import { ArgumentError } from '../errors.ts'
import { elementCount, type Tensor } from '../tensor/tensor.ts'

/** A pipeline's result. */
export interface GeneratedVideo {
  /** [B, F, H, W, 3] in [0, 1] */
  readonly frames: Tensor<'float32'>
  /** [B, C, F, h, w] */
  readonly latents: Tensor<'float32'>
  /** Effective values of the request. */
  readonly settings: object
}

export interface OneVideo {
  /** [F, H, W, 3] in [0, 1] */
  readonly frames: Tensor<'float32'>
  readonly latents?: Tensor<'float32'>
  readonly settings?: object
}

/** Frames [F, H, W, 3] as they are, or item `index` of a batch or a result. Throws ArgumentError for an index outside the batch, or a batch without one. */
export function pickVideo(source: Tensor<'float32'> | GeneratedVideo, index: number | undefined): OneVideo {
  if (!('frames' in source)) return { frames: source.shape.length === 5 ? item(source, place(source, index), false) : source }
  const { frames, latents, settings } = source
  if (frames.shape.length !== 5)
    throw new ArgumentError(
      `the video has no frames [B, F, H, W, 3], but [${frames.shape.join(', ')}]; generate it with outputType 'frames'`,
    )
  const at = place(frames, index)
  return {
    frames: item(frames, at, false),
    latents: item(latents, at, true),
    settings: frames.shape[0] === 1 ? settings : { ...settings, index: at },
  }
}

/** The wished one's place in a batch [B, ...]; one alone need not be wished for. */
function place({ shape: [batch = 0] }: Tensor, index: number | undefined): number {
  if (index === undefined && batch !== 1)
    throw new ArgumentError(`the result holds ${batch} videos; choose one with the option index, 0 to ${batch - 1}`)
  const at = index ?? 0
  if (!Number.isInteger(at) || at < 0 || at >= batch) throw new ArgumentError(`index is ${at}; the result holds videos 0 to ${batch - 1}`)
  return at
}

/** Row `index` of axis 0, sharing its data; `keep` leaves the axis with size 1. */
function item(x: Tensor<'float32'>, index: number, keep: boolean): Tensor<'float32'> {
  const rest = x.shape.slice(1)
  const size = elementCount(rest)
  return { dtype: 'float32', shape: keep ? [1, ...rest] : rest, data: x.data.subarray(index * size, (index + 1) * size) }
}
