import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { constantRate, frameDelays, frameRate } from './rate.ts'

test.each([
  [8, 8, 1],
  [12.5, 25, 2],
  [24000 / 1001, 24000, 1001],
  [29.97, 2997, 100],
  [60, 60, 1],
])('%d fps is %d/%d', (fps, num, den) => {
  expect(frameRate(fps)).toEqual({ num, den })
})

test.each([0, 0.99, 60.01, -8, Number.NaN, Number.POSITIVE_INFINITY])('%d fps is refused', (fps) => {
  expect(() => frameRate(fps)).toThrow(ArgumentError)
})

test('delays are whole units and add up to the length of the clip', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 1, max: 60, noNaN: true }),
      fc.constantFrom(1 as const, 10 as const),
      (frames, fps, unit) => {
        const delays = frameDelays(frames, fps, unit)
        const total = delays.reduce((sum, delay) => sum + delay, 0)
        expect(delays).toHaveLength(frames)
        expect(delays.every((delay) => delay % unit === 0 && delay > 0)).toBe(true)
        const shown = unit === 10 ? Math.min(fps, 50) : fps
        expect(Math.min(...delays)).toBeGreaterThanOrEqual(unit === 10 ? 20 : 16)
        expect(Math.abs(total - (frames * 1000) / shown)).toBeLessThanOrEqual(unit / 2 + 1e-6)
      },
    ),
  )
})

test('delays become a constant rate again, merged frames repeated', () => {
  expect(constantRate(frameDelays(16, 8, 10))).toMatchObject({ repeats: Array(16).fill(1), fps: 8 })
  expect(constantRate([125, 250, 125])).toEqual({ repeats: [1, 2, 1], fps: 8, shown: [125, 250, 125] })
  expect(constantRate([0, 10, 20])).toEqual({ repeats: [5, 5, 1], fps: 50, shown: [100, 100, 20] })
})
