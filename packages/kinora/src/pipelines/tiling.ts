// Large pictures in overlapping tiles, for the autoencoder: less memory, and pixels that differ a little
// from those of the whole picture. Sizes, overlap and blending are those of diffusers'
// AutoencoderKL.tiled_decode and tiled_encode. Arithmetic on pictures only; no model runs here.

import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'

type Float = Tensor<'float32'>

/** Share of a tile that the next one repeats. */
const OVERLAP = 0.25

/** Frames whose tiles are kept until they are joined: tiles of one shape go through the model together. */
export const FRAMES_AT_ONCE = 16

const f = Math.fround

/** Sides of a square tile, and how far the next one is, in the model's input and its output. */
export interface TileSize {
  readonly input: { readonly side: number; readonly stride: number }
  readonly output: { readonly side: number; readonly stride: number }
}

export interface Tile {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** Whether a picture is larger than a tile of this side. */
export function needsTiles({ height, width }: { height: number; width: number }, side: number): boolean {
  return height > side || width > side
}

/** Tiles of the decoder: latents in, pixels out. `sampleSize` is the autoencoder's own picture size. */
export function decoderTiles({ sampleSize, scaleFactor }: { sampleSize: number; scaleFactor: number }): TileSize {
  const side = Math.max(1, Math.floor(sampleSize / scaleFactor))
  const stride = Math.max(1, Math.floor(side * (1 - OVERLAP)))
  return { input: { side, stride }, output: { side: side * scaleFactor, stride: stride * scaleFactor } }
}

/** Tiles of the encoder: the same ones, pixels in, latents out. */
export function encoderTiles(vae: { sampleSize: number; scaleFactor: number }): TileSize {
  const { input, output } = decoderTiles(vae)
  return { input: output, output: input }
}

/** Rows of tiles that cover an input; those at its end are smaller. */
export function tileRows(height: number, width: number, { input: { side, stride } }: TileSize): Tile[][] {
  const starts = (size: number) => Array.from({ length: Math.ceil(size / stride) }, (_, i) => i * stride)
  return starts(height).map((top) =>
    starts(width).map((left) => ({ top, left, height: Math.min(side, height - top), width: Math.min(side, width - left) })),
  )
}

/** The part of x [1, C, H, W] under a tile. */
export function cropTile(x: Float, { top, left, height, width }: Tile): Float {
  const [, channels, fullHeight, fullWidth] = x.shape as [number, number, number, number]
  const data = new Float32Array(channels * height * width)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) {
      const from = (c * fullHeight + top + y) * fullWidth + left
      data.set(x.data.subarray(from, from + width), (c * height + y) * width)
    }
  return tensor('float32', [1, channels, height, width], data)
}

/**
 * Results of the tiles, rows of [1, C, h, w], as one picture [1, C, H, W]. Where two overlap, the first fades into the second;
 * the tiles are changed, each before the next one blends with it, as in the reference.
 */
export function joinTiles(rows: readonly (readonly Float[])[], { output: { side, stride } }: TileSize): Float {
  for (const [i, row] of rows.entries())
    for (const [j, tile] of row.entries()) {
      if (i > 0) blend(rows[i - 1]![j]!, tile, side - stride, 'down')
      if (j > 0) blend(row[j - 1]!, tile, side - stride, 'right')
    }
  const channels = rows[0]![0]!.shape[1]!
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + Math.min(size, stride), 0)
  const height = sum(rows.map(([first]) => first!.shape[2]!))
  const width = sum(rows[0]!.map((tile) => tile.shape[3]!))
  const whole = tensor('float32', [1, channels, height, width])
  for (const [i, row] of rows.entries()) for (const [j, tile] of row.entries()) place(tile, whole, i * stride, j * stride, stride)
  return whole
}

/** Fades the end of `a` into the beginning of `b`, over at most `extent` rows or columns. */
function blend(a: Float, b: Float, extent: number, direction: 'down' | 'right'): void {
  const [, channels, height, width] = b.shape as [number, number, number, number]
  const [aHeight, aWidth] = a.shape.slice(2) as [number, number]
  const down = direction === 'down'
  const count = down ? Math.min(aHeight, height, extent) : Math.min(aWidth, width, extent)
  const length = down ? Math.min(aWidth, width) : Math.min(aHeight, height)
  for (let step = 0; step < count; step++) {
    const [before, after] = [f(1 - step / count), f(step / count)]
    for (let c = 0; c < channels; c++)
      for (let along = 0; along < length; along++) {
        const [ay, ax] = down ? [aHeight - count + step, along] : [along, aWidth - count + step]
        const [by, bx] = down ? [step, along] : [along, step]
        const at = (c * height + by) * width + bx
        b.data[at] = f(a.data[(c * aHeight + ay) * aWidth + ax]! * before) + f(b.data[at]! * after)
      }
  }
}

/** Copies the first `stride` rows and columns of a tile to (top, left). */
function place(tile: Float, whole: Float, top: number, left: number, stride: number): void {
  const [, channels, height, width] = tile.shape as [number, number, number, number]
  const [fullHeight, fullWidth] = whole.shape.slice(2) as [number, number]
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < Math.min(height, stride); y++) {
      const from = (c * height + y) * width
      whole.data.set(tile.data.subarray(from, from + Math.min(width, stride)), (c * fullHeight + top + y) * fullWidth + left)
    }
}
