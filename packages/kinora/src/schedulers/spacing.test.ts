// Timesteps at rounding ties, where numpy's own way of stepping decides.

import { expect, test } from 'vitest'
import { trailingTimesteps } from './spacing.ts'

// round(numpy.arange(1000, 0, -1000 / 48)) - 1
const OF_48 = [
  999, 978, 957, 936, 916, 895, 874, 853, 832, 811, 791, 770, 749, 728, 707, 686, 666, 645, 624, 603, 582, 561, 541, 520, 499, 478, 457,
  436, 416, 395, 374, 353, 332, 311, 291, 270, 249, 228, 207, 186, 166, 145, 124, 103, 82, 61, 41, 20,
]

test('trailing timesteps fall as numpy rounds them', () => {
  expect(trailingTimesteps(1000, 1000 / 48, 48)).toEqual(OF_48)
})

test.each([1, 2, 3, 7, 96, 112, 144, 999, 1000])('%d trailing timesteps begin at the last one, fall, and stay in range', (count) => {
  const timesteps = trailingTimesteps(1000, 1000 / count, count)
  expect(timesteps).toHaveLength(count)
  expect(timesteps[0]).toBe(999)
  expect(timesteps.every((timestep, i) => timestep >= 0 && (i === 0 || timestep < timesteps[i - 1]!))).toBe(true)
})
