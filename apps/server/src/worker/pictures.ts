// Still pictures of a video: a thumbnail for lists, a sheet of frames for scrubbing, and what a preview shows. Frames are floats
// [1, F, H, W, 3] in [0, 1].

import type { Tensor } from 'kinora'
import sharp, { type Sharp } from 'sharp'

const THUMBNAIL_SIDE = 320
const CELL_SIDE = 160
const MOST_CELLS = 64
const PREVIEW_SIDE = 320
/** Times that a preview is larger than its latents: what the decoder would make of them in steps of two, halved. */
const PREVIEW_SCALE = 4

sharp.cache(false)

interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
}

/** The middle frame as WebP, at most 320 pixels wide and high. */
export function thumbnail(frames: Tensor<'float32'>): Promise<Buffer> {
  const count = frames.shape[1]!
  return shrunk(frameOf(frames, Math.floor(count / 2)), THUMBNAIL_SIDE)
    .webp({ quality: 80 })
    .toBuffer()
}

/** Up to 64 frames from first to last, in rows of a square as far as it goes, as JPEG. */
export async function spritesheet(frames: Tensor<'float32'>): Promise<Buffer> {
  const count = frames.shape[1]!
  const cells = Math.min(count, MOST_CELLS)
  const columns = Math.ceil(Math.sqrt(cells))
  let sheet: Picture | undefined
  for (let i = 0; i < cells; i++) {
    const index = cells === 1 ? 0 : Math.round((i * (count - 1)) / (cells - 1))
    const { data, info } = await shrunk(frameOf(frames, index), CELL_SIDE).raw().toBuffer({ resolveWithObject: true })
    const { width, height } = info
    const rows = Math.ceil(cells / columns)
    sheet ??= { data: new Uint8Array(columns * width * rows * height * 3), width: columns * width, height: rows * height }
    paste({ data, width, height }, sheet, { left: (i % columns) * width, top: Math.floor(i / columns) * height })
  }
  return rgb(sheet!).jpeg({ quality: 80 }).toBuffer()
}

/** A small picture of latents' colours, enlarged, as JPEG. */
export function previewJpeg(picture: Picture): Promise<Buffer> {
  const scale = Math.min(PREVIEW_SCALE, Math.max(1, PREVIEW_SIDE / Math.max(picture.width, picture.height)))
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
  return rgb(picture).resize({ width, height, fit: 'fill', kernel: 'cubic' }).jpeg({ quality: 75 }).toBuffer()
}

function frameOf({ shape, data }: Tensor<'float32'>, index: number): Picture {
  const [, , height, width] = shape as [number, number, number, number, number]
  const size = height * width * 3
  const bytes = new Uint8ClampedArray(size)
  for (let i = 0; i < size; i++) bytes[i] = 255 * data[index * size + i]!
  return { data: bytes, width, height }
}

function rgb({ data, width, height }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

function shrunk(picture: Picture, side: number): Sharp {
  return rgb(picture).resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
}

function paste(from: Picture, to: Picture, { left, top }: { left: number; top: number }): void {
  for (let y = 0; y < from.height; y++)
    to.data.set(from.data.subarray(y * from.width * 3, (y + 1) * from.width * 3), ((top + y) * to.width + left) * 3)
}
