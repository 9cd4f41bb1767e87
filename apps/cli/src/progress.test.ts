// Pace and its words, on a clock that the test turns.

import { describe, expect, test } from 'vitest'
import { bytes, seconds } from './format.ts'
import { createPace } from './progress.ts'
import { linesView } from './reporters/lines.ts'

describe('createPace', () => {
  test('measures each phase from its own beginning', () => {
    let now = 1000
    const pace = createPace(() => now)
    expect(pace({ phase: 'denoising', step: 0, total: 4 })).toEqual({ phase: 'denoising', step: 0, total: 4 })
    now += 3000
    expect(pace({ phase: 'denoising', step: 1, total: 4 })).toMatchObject({ secondsPerStep: 3, secondsLeft: 9 })
    now += 1000
    expect(pace({ phase: 'denoising', step: 2, total: 4 })).toMatchObject({ secondsPerStep: 2, secondsLeft: 4 })
    expect(pace({ phase: 'decoding', step: 0, total: 2 }).secondsPerStep).toBeUndefined()
    now += 500
    expect(pace({ phase: 'decoding', step: 2, total: 2 })).toMatchObject({ secondsPerStep: 0.25, secondsLeft: 0 })
  })
})

test('a long phase takes about ten lines', () => {
  const lines: string[] = []
  const view = linesView((text) => lines.push(text))
  view.progress({ phase: 'loading', step: 0, total: 1 })
  for (let step = 0; step <= 1000; step++)
    view.progress({ phase: 'denoising', step, total: 1000, secondsPerStep: 1, secondsLeft: 1000 - step })
  expect(lines).toHaveLength(12)
  expect(lines[0]).toBe('loading')
  expect(lines[2]).toBe('denoising  100/1000  1 s/step, 15 min 0 s left')
})

test.each([
  [0.0421, '0.042 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [75, '1 min 15 s'],
  [3599.7, '1 h 0 min'],
  [7170, '2 h 0 min'],
])('%d seconds are %s', (value, expected) => {
  expect(seconds(value)).toBe(expected)
})

test.each([
  [1500, '1.5 KB'],
  [21_373_164, '21 MB'],
  [1_250_000_000, '1.3 GB'],
])('%d bytes are %s', (value, expected) => {
  expect(bytes(value)).toBe(expected)
})
