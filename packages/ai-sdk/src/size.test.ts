// Ratios as sizes.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseResolution, sizeOfRatio } from './size.ts'

const OWN = { width: 256, height: 256 }

test.each([
  ['1:1', 8, { width: 256, height: 256, exact: true }],
  ['16:9', 8, { width: 344, height: 192, exact: false }],
  ['16:9', 64, { width: 320, height: 192, exact: false }],
  ['4:1', 8, { width: 512, height: 128, exact: true }],
  ['2.35:1', 8, { width: 392, height: 168, exact: false }],
])('%s in multiples of %i', (ratio, multiple, size) => {
  expect(sizeOfRatio(ratio, OWN, multiple)).toEqual(size)
})

test('sides are multiples, never none, and about as many pixels', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), fc.constantFrom(8, 16, 64), (across, down, multiple) => {
      const { width, height } = sizeOfRatio(`${across}:${down}`, OWN, multiple)
      expect([width % multiple, height % multiple]).toEqual([0, 0])
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(multiple)
      expect(Math.abs(width * height - 256 * 256)).toBeLessThanOrEqual((multiple / 2) * (width + height + multiple))
    }),
  )
})

test('what is none is refused', () => {
  for (const ratio of ['0:1', '1:0', 'wide', '16:9:4x', '-1:2'])
    expect(() => sizeOfRatio(ratio, OWN, 8), ratio).toThrow(/must be WIDTH:HEIGHT/)
  for (const size of ['256', '256x', '1e3x5', '-8x8']) expect(() => parseResolution(size), size).toThrow(/must be WIDTHxHEIGHT/)
  expect(parseResolution('320x192')).toEqual({ width: 320, height: 192 })
})
