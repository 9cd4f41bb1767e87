import { expect, test } from 'vitest'
import { rgbToYuv420, yuv420Bytes } from './yuv.ts'

/** Y, U, V of one flat colour. */
function convert(r: number, g: number, b: number): number[] {
  const out = new Uint8ClampedArray(yuv420Bytes(2, 2))
  rgbToYuv420([r, g, b, r, g, b, r, g, b, r, g, b], 2, 2, out)
  return [out[0]!, out[4]!, out[5]!]
}

// ITU-R BT.709 8-bit values of the colour bars at 100 %.
test.each([
  ['white', [255, 255, 255], [235, 128, 128]],
  ['black', [0, 0, 0], [16, 128, 128]],
  ['yellow', [255, 255, 0], [219, 16, 138]],
  ['cyan', [0, 255, 255], [188, 154, 16]],
  ['green', [0, 255, 0], [173, 42, 26]],
  ['magenta', [255, 0, 255], [78, 214, 230]],
  ['red', [255, 0, 0], [63, 102, 240]],
  ['blue', [0, 0, 255], [32, 240, 118]],
])('%s', (_, rgb, yuv) => {
  expect(convert(...(rgb as [number, number, number]))).toEqual(yuv)
})

test('odd sizes round the chroma planes up', () => {
  expect(yuv420Bytes(3, 5)).toBe(15 + 2 * 2 * 3)
  const out = new Uint8ClampedArray(yuv420Bytes(1, 1))
  rgbToYuv420([255, 0, 0], 1, 1, out)
  expect([...out]).toEqual([63, 102, 240])
})

test('a larger output repeats the last column and row', () => {
  const grey = (level: number) => [level, level, level]
  const out = new Uint8ClampedArray(yuv420Bytes(4, 2))
  rgbToYuv420([...grey(0), ...grey(0), ...grey(255)], 3, 1, out, 4, 2)
  expect([...out]).toEqual([16, 16, 235, 235, 16, 16, 235, 235, 128, 128, 128, 128])
})
