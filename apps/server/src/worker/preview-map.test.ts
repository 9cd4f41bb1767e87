import { Generator, randn, tensor } from 'kinora'
import { expect, test } from 'vitest'
import type { PreviewMap } from '../db/values.ts'
import { fitPreviewMap, paintLatents, SD_MAP } from './preview-map.ts'

const TRUE_MAP: PreviewMap = [
  [0.1, 0, 0.05, 0, 0.6],
  [0, 0.1, 0, -0.05, 0.5],
  [0.05, 0, -0.1, 0, 0.3],
]

/** What a decoder that is linear would make of latents [1, 4, F, h, w], each as 2x2 pixels: [1, F, 2h, 2w, 3]. */
function decoded(latents: ReturnType<typeof randn>) {
  const [, , count, h, w] = latents.shape as [number, number, number, number, number]
  const frames = tensor('float32', [1, count, 2 * h, 2 * w, 3])
  for (let at = 0; at < frames.data.length; at++) {
    const [c, x, y, f] = [at % 3, Math.floor(at / 3) % (2 * w), Math.floor(at / (6 * w)) % (2 * h), Math.floor(at / (12 * w * h))]
    const place = (f * h + (y >> 1)) * w + (x >> 1)
    const row = TRUE_MAP[c]!
    frames.data[at] = [0, 1, 2, 3].reduce((sum, k) => sum + row[k]! * latents.data[k * count * h * w + place]!, row[4])
  }
  return { latents, frames }
}

test('finds the map of a linear decoder', () => {
  const map = fitPreviewMap(decoded(randn([1, 4, 3, 8, 6], new Generator(1n))))!
  for (const [c, row] of map.entries()) for (const [i, value] of row.entries()) expect(value).toBeCloseTo(TRUE_MAP[c]![i]!, 1)
})

test('what a video does not show stays as it was', () => {
  const video = decoded(tensor('float32', [1, 4, 2, 4, 4])) // latents of zeros show the constant alone
  const map = fitPreviewMap(video, SD_MAP)!
  for (const [c, row] of map.entries()) {
    for (const k of [0, 1, 2, 3] as const) expect(row[k]).toBeCloseTo(SD_MAP[c]![k], 9)
    expect(row[4]).toBeCloseTo(TRUE_MAP[c]![4], 2)
  }
})

test('latents of another kind have none', () => {
  const frames = tensor('float32', [1, 2, 8, 8, 3])
  expect(fitPreviewMap({ latents: randn([1, 16, 2, 4, 4], new Generator(1n)), frames })).toBeUndefined()
  expect(fitPreviewMap({ latents: randn([1, 4, 2, 4, 4], new Generator(1n)), frames: tensor('float32', [0]) })).toBeUndefined()
})

test('paints the frame that is asked for, and noise of any strength without losing all detail', () => {
  const latents = randn([1, 4, 3, 8, 8], new Generator(2n))
  const painted = paintLatents(latents, 1, TRUE_MAP)
  const row = TRUE_MAP[0]
  const value = [0, 1, 2, 3].reduce((sum, k) => sum + row[k]! * latents.data[(k * 3 + 1) * 64]!, row[4])
  expect(painted[0]).toBe(Math.round(255 * value))
  const strong = paintLatents(
    tensor(
      'float32',
      latents.shape,
      latents.data.map((x) => 100 * x),
    ),
    1,
    SD_MAP,
  )
  const clipped = strong.filter((byte) => byte === 0 || byte === 255).length
  expect(clipped / strong.length).toBeLessThan(0.2)
})
