// From a decoder's pixels to the picture that a player shows: 8 bits, opaque, upright, square pixels.
// FFmpeg does the YUV arithmetic; the rest is done here, so that every backend gives the same.

import { type HdrTransfer, hdrConverter } from './hdr.ts'
import { describe, isUpright, type Orientation, turn } from './orientation.ts'
import type { Rate } from './rate.ts'
import { pictureResizer } from './resize.ts'

/** Pixels as FFmpeg names them: bytes; bytes with alpha, not premultiplied; 16 bits, little-endian. */
export type PixelLayout = 'rgb24' | 'rgba' | 'rgb48le'

/** A picture as it is stored. */
export interface CodedPicture {
  readonly width: number
  readonly height: number
  /** Width over height of one pixel. */
  readonly pixelAspect: Rate
  readonly orientation: Orientation
  readonly layout: PixelLayout
  readonly transfer: HdrTransfer | undefined
}

export const BYTES_PER_PIXEL: Readonly<Record<PixelLayout, number>> = { rgb24: 3, rgba: 4, rgb48le: 6 }

const WITH_ALPHA = /^(yuva|gbrap|gbraf|rgba|bgra|argb|abgr|ya8|ya16|yaf|ayuv|vuya|pal8)/

/** What to ask the decoder for: `pixelFormat` and `transfer` are FFmpeg's names. */
export function pixelLayout(pixelFormat: string, transfer: string): Pick<CodedPicture, 'layout' | 'transfer'> {
  if (transfer === 'smpte2084') return { layout: 'rgb48le', transfer: 'pq' }
  if (transfer === 'arib-std-b67') return { layout: 'rgb48le', transfer: 'hlg' }
  return { layout: WITH_ALPHA.test(pixelFormat) ? 'rgba' : 'rgb24', transfer: undefined }
}

/** Untagged YUV of at least this size is taken for BT.709, as players do; smaller for BT.601, which is FFmpeg's own guess. */
export function isHighDefinition({ width, height }: { width: number; height: number }): boolean {
  return width >= 1280 || height > 576
}

export interface ShownPicture {
  readonly width: number
  readonly height: number
  /** What was done, in sentences for the user. */
  readonly notes: readonly string[]
  /** Decoded pixels to RGB bytes [height, width, 3]; valid until the next call. */
  readonly show: (pixels: Uint8Array) => Uint8Array
}

/** Prepares the way from stored to shown pictures once for all frames. */
export function shownPicture(coded: CodedPicture): ShownPicture {
  const { width, height, orientation, layout, transfer } = coded
  const stretched = displaySize(coded)
  const square = stretched.width === width && stretched.height === height
  const upright = isUpright(orientation)
  const resize = square ? undefined : pictureResizer({ width, height }, stretched, 'bicubic')
  const opaque = new Uint8Array(layout === 'rgba' ? width * height * 3 : 0)
  const toSdr = transfer && hdrConverter(transfer, width * height)
  const [outWidth, outHeight] = orientation.transpose ? [stretched.height, stretched.width] : [stretched.width, stretched.height]
  const notes = [
    ...(transfer ? [`the video is HDR (${transfer.toUpperCase()}): its light was compressed to 8-bit BT.709`] : []),
    ...(square ? [] : [`pixels are not square: ${width}x${height} is shown as ${stretched.width}x${stretched.height}`]),
    ...(upright ? [] : [`the stored picture is ${describe(orientation)}, as the file asks`]),
  ]
  const show = (pixels: Uint8Array): Uint8Array => {
    const rgb = toSdr ? toSdr(pixels) : layout === 'rgba' ? onBlack(pixels, opaque) : pixels
    const shown = resize ? resize(rgb) : rgb
    return upright ? shown : turn(shown, stretched.width, stretched.height, orientation)
  }
  return { width: outWidth, height: outHeight, notes, show }
}

/** More is a damaged aspect, not a picture. */
const MAX_SIDE = 16_384

/** Narrow pixels make the picture higher, wide ones wider, so that none are lost. */
function displaySize({ width, height, pixelAspect: { num, den } }: CodedPicture): { width: number; height: number } {
  const aspect = num / den
  if (!(aspect >= 0.1 && aspect <= 10)) return { width, height }
  const size = aspect >= 1 ? { width: Math.round(width * aspect), height } : { width, height: Math.round(height / aspect) }
  return Math.max(size.width, size.height) <= MAX_SIDE ? size : { width, height }
}

function onBlack(rgba: Uint8Array, out: Uint8Array): Uint8Array {
  for (let from = 0, to = 0; to < out.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!
    out[to] = Math.round((rgba[from]! * alpha) / 255)
    out[to + 1] = Math.round((rgba[from + 1]! * alpha) / 255)
    out[to + 2] = Math.round((rgba[from + 2]! * alpha) / 255)
  }
  return out
}
