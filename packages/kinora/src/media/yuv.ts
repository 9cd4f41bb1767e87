// RGB to planar YUV 4:2:0 in BT.709, limited range, as H.264 and VP9 store it. Chroma sits on the
// left luma column of its pair (the codecs' default siting), hence the 1-2-1 filter across.
// Done here rather than in each backend so that all of them encode the very same pixels.
// ITU-R BT.709-6, sections 3 and 4.

const KR = 0.2126
const KB = 0.0722
const KG = 1 - KR - KB
const LUMA = 219 / 255
const CB = 224 / 255 / (2 * (1 - KB))
const CR = 224 / 255 / (2 * (1 - KR))

/** Bytes of one 4:2:0 picture: a full luma plane and two half planes, rounded up for odd sizes. */
export function yuv420Bytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
}

/**
 * Converts one RGB picture [height, width, 3] into planes Y, U, V packed one after the other in
 * `out` (`yuv420Bytes(outWidth, outHeight)` long). A larger output repeats the last column and row.
 */
export function rgbToYuv420(
  rgb: ArrayLike<number>,
  width: number,
  height: number,
  out: Uint8ClampedArray,
  outWidth: number = width,
  outHeight: number = height,
): void {
  writeLuma(rgb, width, height, out, outWidth, outHeight)
  writeChroma(rgb, width, height, out, outWidth, outHeight)
}

function writeLuma(
  rgb: ArrayLike<number>,
  width: number,
  height: number,
  out: Uint8ClampedArray,
  outWidth: number,
  outHeight: number,
): void {
  let at = 0
  for (let y = 0; y < outHeight; y++) {
    const row = Math.min(y, height - 1) * width
    for (let x = 0; x < outWidth; x++) {
      const p = (row + Math.min(x, width - 1)) * 3
      out[at++] = 16 + LUMA * (KR * rgb[p]! + KG * rgb[p + 1]! + KB * rgb[p + 2]!)
    }
  }
}

function writeChroma(
  rgb: ArrayLike<number>,
  width: number,
  height: number,
  out: Uint8ClampedArray,
  outWidth: number,
  outHeight: number,
): void {
  const columns = Math.ceil(outWidth / 2)
  const rows = Math.ceil(outHeight / 2)
  let u = outWidth * outHeight
  let v = u + columns * rows
  for (let j = 0; j < rows; j++) {
    const top = Math.min(2 * j, height - 1) * width
    const bottom = Math.min(2 * j + 1, height - 1) * width
    for (let i = 0; i < columns; i++) {
      const middle = Math.min(2 * i, width - 1)
      const left = Math.max(middle - 1, 0)
      const right = Math.min(middle + 1, width - 1)
      const red = tap(rgb, top, bottom, left, middle, right, 0)
      const green = tap(rgb, top, bottom, left, middle, right, 1)
      const blue = tap(rgb, top, bottom, left, middle, right, 2)
      const luma = KR * red + KG * green + KB * blue
      out[u++] = 128 + CB * (blue - luma)
      out[v++] = 128 + CR * (red - luma)
    }
  }
}

function tap(rgb: ArrayLike<number>, top: number, bottom: number, left: number, middle: number, right: number, channel: number): number {
  const across = (row: number) =>
    rgb[(row + left) * 3 + channel]! + 2 * rgb[(row + middle) * 3 + channel]! + rgb[(row + right) * 3 + channel]!
  return (across(top) + across(bottom)) / 8
}
