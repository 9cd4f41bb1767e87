import { expect, test } from 'vitest'
import { createOverall, type OverallProgress } from './overall.ts'
import type { Settings } from './settings.ts'

const SETTINGS: Settings = {
  prompt: ['a panda'],
  negativePrompt: [''],
  height: 256,
  width: 256,
  numFrames: 16,
  numInferenceSteps: 20,
  guidanceScale: 9,
  eta: 0,
  seed: 1,
  scheduler: 'DDIMScheduler',
  clipSkip: 0,
}

/** Every report of a run in its order. */
const RUN: OverallProgress[] = [
  { phase: 'encoding prompt', step: 1, total: 1 },
  { phase: 'loading', step: 1, total: 1 },
  ...Array.from({ length: 21 }, (_, step) => ({ phase: 'denoising', step, total: 20 }) as const),
  ...Array.from({ length: 17 }, (_, step) => ({ phase: 'decoding', step, total: 16 }) as const),
  { phase: 'encoding video', step: 0, total: 1 },
  { phase: 'encoding video', step: 1, total: 1 },
]

test('a run goes from near 0 to 1, without a step back, and most of it is denoising', () => {
  const overall = createOverall([SETTINGS])
  const shown = RUN.map((progress) => overall(0, progress))
  expect(shown[0]).toBeLessThan(0.01)
  expect(shown.at(-1)).toBeCloseTo(1, 12)
  expect(shown).toEqual(shown.toSorted((a, b) => a - b))
  expect(shown[22]! - shown[2]!).toBeGreaterThan(0.9)
})

test('until the file is written, it is not done', () => {
  const overall = createOverall([SETTINGS])
  for (const progress of RUN.slice(0, -1)) expect(overall(0, progress)).toBeLessThan(1)
})

test('stages follow each other, and what comes late does not go back', () => {
  const overall = createOverall([SETTINGS, { ...SETTINGS, strength: 0.5 }])
  const half = overall(0, { phase: 'encoding video', step: 1, total: 1 })
  expect(half).toBeGreaterThan(0.5) // the second one runs half of the steps
  expect(overall(1, { phase: 'encoding frames', step: 8, total: 16 })).toBeGreaterThan(half)
  expect(overall(0, { phase: 'denoising', step: 1, total: 20 })).toBeGreaterThan(half)
})
