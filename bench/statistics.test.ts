import { expect, test } from 'vitest'
import { disagreement, median } from './statistics.ts'

test('median of odd and even counts, unsorted', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 7])).toBe(6)
  expect(median([])).toBeNaN()
})

test('disagreement is measured in standard deviations and in RMS', () => {
  expect(disagreement([3, -3, 3, -2], [3, -3, 3, -3])).toEqual({ maxOverStd: 1 / 3, relative: Math.sqrt(1 / 36) })
  expect(disagreement([Number.NaN, 1], [0, 1]).maxOverStd).toBeNaN()
  expect(() => disagreement([1], [1, 2])).toThrow('1 and 2 elements')
})
