// Latents to colours by one linear map: 4 channels and a constant to red, green and blue, at an eighth of the size. A decoder does far
// more, but the composition shows. The map is learned from videos that were made; until then that of Stable Diffusion's autoencoder, which
// every published model of the family has, stands in.

import type { Tensor } from 'kinora'
import type { PreviewMap, PreviewRow } from '../db/values.ts'

/** Least squares fits of Stable Diffusion 1.4, by keturn (discuss.huggingface.co/t/23204), from [-1, 1] brought to [0, 1]. */
export const SD_MAP: PreviewMap = [
  [0.149, 0.0935, -0.079, -0.092, 0.5],
  [0.1035, 0.143, 0.0945, -0.1355, 0.5],
  [0.104, 0.0865, 0.132, -0.2365, 0.5],
]
const NO_MAP: PreviewMap = [
  [0, 0, 0, 0, 0.5],
  [0, 0, 0, 0, 0.5],
  [0, 0, 0, 0, 0.5],
]

const CHANNELS = 4
const TERMS = CHANNELS + 1
const MOST_SAMPLES = 4096
/** Root mean square of clean latents, with room. */
const MOST_SPREAD = 1.5
/** Weight of the map so far against one video's: what this video does not show stays as it was. */
const TRUST = 0.01

export interface DecodedVideo {
  /** [1, 4, F, h, w] */
  readonly latents: Tensor<'float32'>
  /** [1, F, H, W, 3] in [0, 1] */
  readonly frames: Tensor<'float32'>
}

/** The map that takes the latents nearest to the frames (ridge regression around `before`). Undefined for latents of another kind. */
export function fitPreviewMap(video: DecodedVideo, before: PreviewMap = NO_MAP): PreviewMap | undefined {
  const { shape } = video.latents
  if (shape.length !== 5 || shape[1] !== CHANNELS || video.frames.shape[1] !== shape[2]) return undefined
  const products = new Float64Array(TERMS * TERMS) // x xT, summed over samples
  const targets = [0, 1, 2].map(() => new Float64Array(TERMS)) // x times each colour
  let count = 0
  for (const { x, rgb } of samples(video)) {
    count++
    for (let i = 0; i < TERMS; i++) {
      for (let j = 0; j < TERMS; j++) products[i * TERMS + j]! += x[i]! * x[j]!
      for (const [c, target] of targets.entries()) target[i]! += x[i]! * rgb[c]!
    }
  }
  const weight = TRUST * count
  for (let i = 0; i < TERMS; i++) products[i * TERMS + i]! += weight
  const rows = targets.map((target, c) =>
    solve(
      products,
      target.map((value, i) => value + weight * before[c]![i]!),
    ),
  )
  return rows.every((row) => row.every(Number.isFinite)) ? (rows as unknown as PreviewMap) : undefined
}

/** Latents with a constant beside them, and the mean colour of the pixels that each stands for. */
function* samples({ latents, frames }: DecodedVideo): Generator<{ x: readonly number[]; rgb: readonly number[] }> {
  const [, , count, height, width] = latents.shape as [number, number, number, number, number]
  const size = count * height * width
  const stride = Math.max(1, Math.ceil(size / MOST_SAMPLES))
  for (let at = 0; at < size; at += stride) {
    const x = [0, 1, 2, 3].map((c) => latents.data[c * size + at]!)
    const [frame, row, column] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width]
    yield { x: [...x, 1], rgb: meanColour(frames, frame, { row, column, height, width }) }
  }
}

interface Place {
  readonly row: number
  readonly column: number
  /** Of the grid that the picture is divided by. */
  readonly height: number
  readonly width: number
}

function meanColour({ shape, data }: Tensor<'float32'>, frame: number, place: Place): number[] {
  const [, , height, width] = shape as [number, number, number, number, number]
  const [tall, wide] = [Math.floor(height / place.height), Math.floor(width / place.width)]
  const sum = [0, 0, 0]
  for (let y = place.row * tall; y < (place.row + 1) * tall; y++)
    for (let x = place.column * wide; x < (place.column + 1) * wide; x++)
      for (let c = 0; c < 3; c++) sum[c]! += data[((frame * height + y) * width + x) * 3 + c]!
  return sum.map((value) => value / (tall * wide))
}

/** A z = b for a symmetric positive definite A [TERMS, TERMS], by elimination. */
function solve(matrix: Float64Array, target: Float64Array): PreviewRow {
  const a = matrix.slice()
  const b = target.slice()
  for (let k = 0; k < TERMS; k++)
    for (let i = k + 1; i < TERMS; i++) {
      const factor = a[i * TERMS + k]! / a[k * TERMS + k]!
      for (let j = k; j < TERMS; j++) a[i * TERMS + j]! -= factor * a[k * TERMS + j]!
      b[i]! -= factor * b[k]!
    }
  for (let k = TERMS - 1; k >= 0; k--) {
    for (let j = k + 1; j < TERMS; j++) b[k]! -= a[k * TERMS + j]! * b[j]!
    b[k]! /= a[k * TERMS + k]!
  }
  return Array.from(b) as unknown as PreviewRow
}

/**
 * One frame of latents [1, 4, F, h, w] as RGB bytes, [h, w, 3]. Latents that are still spread wide by noise (schedulers that count in
 * sigmas) are brought to the spread of clean ones first.
 */
export function paintLatents(latents: Tensor<'float32'>, frame: number, map: PreviewMap): Uint8ClampedArray {
  const [, , count, height, width] = latents.shape as [number, number, number, number, number]
  const area = height * width
  const channels = [0, 1, 2, 3].map((c) => latents.data.subarray((c * count + frame) * area, (c * count + frame + 1) * area))
  const squares = channels.reduce((sum, channel) => sum + channel.reduce((own, value) => own + value * value, 0), 0)
  const spread = Math.sqrt(squares / (CHANNELS * area))
  const scale = 255 * Math.min(1, MOST_SPREAD / spread)
  const rgb = new Uint8ClampedArray(area * 3)
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++) {
      const row = map[c]!
      let value = 255 * row[CHANNELS]
      for (let k = 0; k < CHANNELS; k++) value += scale * row[k]! * channels[k]![i]!
      rgb[i * 3 + c] = value
    }
  return rgb
}
