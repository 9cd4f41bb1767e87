// Width and height of a request: from `size`, from `width` and `height`, from the video that it starts with, or by default.
// A size that cannot be made is refused with the nearest ones that can; only what nobody named is rounded.

import { type Bounds, refusal } from './bounds.ts'
import type { RequestWish } from './wish.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

interface SizeRules {
  readonly defaults: Size
  readonly side: Bounds
  /** Most width x height. */
  readonly pixels: number
}

/** Throws ServerError naming value, range and the nearest right ones. */
export function resolveSize(wish: RequestWish, { defaults, side, pixels }: SizeRules): Size {
  const named = namedSize(wish)
  const { task, source } = wish
  const derived = source ? { width: roundedDown(source.width, side), height: roundedDown(source.height, side) } : defaults
  const size = { width: named.width ?? derived.width, height: named.height ?? derived.height }
  if (task === 'extend' && (size.width !== derived.width || size.height !== derived.height))
    throw refusal(
      `${text(size)} is not the size of the video to continue, ${text(derived)}: leave the size out, or edit the video to that size first`,
      named.param,
    )
  for (const pixelsOfSide of [size.width, size.height]) {
    if (Number.isSafeInteger(pixelsOfSide) && pixelsOfSide % side.least === 0 && pixelsOfSide >= side.least && pixelsOfSide <= side.most)
      continue
    const [lower, upper] = [nearest(size, side, Math.floor), nearest(size, side, Math.ceil)]
    const ways = lower === upper ? lower : `${lower} or ${upper}`
    throw refusal(
      `the size is ${text(size)}; width and height must be multiples of ${side.least} from ${side.least} to ${side.most}, for example ${ways}`,
      named.param,
    )
  }
  const area = size.width * size.height
  if (area > pixels)
    throw refusal(
      `the size is ${text(size)}, ${area} pixels; at most ${pixels} are made: ask for a smaller one, for example ${shrunk(size, side, pixels)}`,
      named.param,
    )
  return size
}

function namedSize({ size, width, height }: RequestWish): Partial<Size> & { param: string } {
  if (size === undefined)
    return {
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      param: height === undefined || width !== undefined ? 'width' : 'height',
    }
  const [, w, h] = /^(\d{1,5})x(\d{1,5})$/.exec(size) ?? []
  if (w === undefined || h === undefined)
    throw refusal(`size is ${JSON.stringify(size.slice(0, 40))}; it must be WIDTHxHEIGHT, for example 256x256`, 'size')
  const both = { width: Number(w), height: Number(h) }
  for (const side of ['width', 'height'] as const) {
    const alone = side === 'width' ? width : height
    if (alone !== undefined && alone !== both[side]) throw refusal(`${side} is ${alone} and size is ${size}: give one of them`, side)
  }
  return { ...both, param: 'size' }
}

function roundedDown(pixels: number, { least }: Bounds): number {
  return Math.max(least, pixels - (pixels % least))
}

function nearest({ width, height }: Size, { least, most }: Bounds, round: (value: number) => number): string {
  const fit = (value: number) => Math.min(most, Math.max(least, round(value / least) * least))
  return text({ width: fit(width), height: fit(height) })
}

/** The largest of the same shape. */
function shrunk({ width, height }: Size, { least }: Bounds, pixels: number): string {
  const scale = Math.sqrt(pixels / (width * height))
  const fit = (value: number) => Math.max(least, Math.floor((value * scale) / least) * least)
  return text({ width: fit(width), height: fit(height) })
}

function text({ width, height }: Size): string {
  return `${width}x${height}`
}
