// How a picture has to be turned before it is shown. Cameras store pictures as the sensor lies and
// add a matrix for the player. ISO/IEC 14496-12, 6.2.2: row vectors [x y 1] times [a b u; c d v; x y w].

export interface Orientation {
  /** Rows become columns. The flips come after it. */
  readonly transpose: boolean
  readonly flipX: boolean
  readonly flipY: boolean
}

export const UPRIGHT: Orientation = { transpose: false, flipX: false, flipY: false }

/** From the nine numbers of a display matrix; angles between the quarter turns go to the nearest. */
export function orientationOf(matrix: ArrayLike<number>): Orientation {
  const [a = 0, b = 0, c = 0, d = 0] = [matrix[0], matrix[1], matrix[3], matrix[4]]
  const transpose = Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d)
  return transpose ? { transpose, flipX: c < 0, flipY: b < 0 } : { transpose, flipX: a < 0, flipY: d < 0 }
}

export function isUpright({ transpose, flipX, flipY }: Orientation): boolean {
  return !(transpose || flipX || flipY)
}

/** In words, for a note: what is done to the stored picture. */
export function describe({ transpose, flipX, flipY }: Orientation): string {
  if (transpose && flipX !== flipY) return `turned by 90 degrees ${flipX ? 'clockwise' : 'counterclockwise'}`
  if (transpose) return 'turned and mirrored'
  return flipX && flipY ? 'turned by 180 degrees' : 'mirrored'
}

/** RGB picture [height, width, 3] -> [width, height, 3] when transposed, else the same size. */
export function turn(rgb: Uint8Array, width: number, height: number, { transpose, flipX, flipY }: Orientation): Uint8Array {
  const out = new Uint8Array(rgb.length)
  const [outWidth, outHeight] = transpose ? [height, width] : [width, height]
  const [stepX, stepY] = transpose ? [width * 3, 3] : [3, width * 3]
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    const row = (flipY ? outHeight - 1 - y : y) * stepY
    for (let x = 0; x < outWidth; x++) {
      const from = row + (flipX ? outWidth - 1 - x : x) * stepX
      out[to++] = rgb[from]!
      out[to++] = rgb[from + 1]!
      out[to++] = rgb[from + 2]!
    }
  }
  return out
}
