import { expect, test } from 'vitest'
import { fullSizeShapes } from './full-size.ts'
import { normalQuantiles, seedOf, tableSampler } from './noise.ts'
import { initialScale } from './random-checkpoint.ts'

test('the quantile table is the normal distribution', () => {
  const table = normalQuantiles()
  const at = (probability: number): number => table[Math.round(probability * 65536)] ?? Number.NaN
  expect(at(0.5)).toBeCloseTo(0, 4)
  expect(at(0.841344746)).toBeCloseTo(1, 3)
  expect(at(0.977249868)).toBeCloseTo(2, 3)
  expect(at(0.001349898)).toBeCloseTo(-3, 2)
})

test('samples have mean 0 and deviation 1, repeat with the seed and do not depend on the chunking', () => {
  const table = new Float32Array(normalQuantiles())
  const whole = new Float32Array(100_000)
  tableSampler(table, seedOf('conv_in.weight'))(whole)
  const parts = new Float32Array(100_000)
  const fill = tableSampler(table, seedOf('conv_in.weight'))
  fill(parts.subarray(0, 40_000))
  fill(parts.subarray(40_000))
  expect(parts).toEqual(whole)
  const mean = whole.reduce((sum, value) => sum + value, 0) / whole.length
  const variance = whole.reduce((sum, value) => sum + value * value, 0) / whole.length
  expect(Math.abs(mean)).toBeLessThan(0.015)
  expect(Math.abs(variance - 1)).toBeLessThan(0.02)
})

test('no tensor of the full-size model starts silent', () => {
  const scales = (['unet', 'vae', 'text_encoder'] as const).flatMap((part) =>
    Object.entries(fullSizeShapes(part)).map(([name, shape]) => ({ name, ...initialScale(name, shape) })),
  )
  expect(scales).toHaveLength(1480 + 248 + 372)
  expect(scales.filter(({ std }) => !(std > 0.001 && std < 1))).toEqual([])
})
