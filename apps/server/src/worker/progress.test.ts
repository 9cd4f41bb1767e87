import type { OverallProgress, Settings } from 'kinora'
import { expect, test } from 'vitest'
import { jobProgress } from './progress.ts'

const SETTINGS: Settings = {
  prompt: [''],
  negativePrompt: [''],
  height: 256,
  width: 256,
  numFrames: 16,
  numInferenceSteps: 10,
  guidanceScale: 1,
  eta: 0,
  seed: 1,
  scheduler: 'DDIMScheduler',
  clipSkip: 0,
}
const denoising = (step: number): OverallProgress => ({ phase: 'denoising', step, total: 10 })

test('the rest takes as long as what was computed says; loading does not count', () => {
  let now = 0
  const at = jobProgress(SETTINGS, { now: () => now })
  expect(at({ phase: 'encoding prompt', step: 0, total: 1 })).not.toHaveProperty('secondsLeft')
  now += 60_000
  expect(at({ phase: 'loading', step: 0, total: 1 })).not.toHaveProperty('secondsLeft')
  at(denoising(0))
  now += 2000
  // Nine more steps, and the decoder takes as long as two.
  const { secondsLeft } = at(denoising(1))
  expect(secondsLeft).toBeGreaterThan(9 * 2)
  expect(secondsLeft).toBeLessThan(14 * 2)
  now += 2000
  expect(at(denoising(2)).secondsLeft).toBeLessThan(secondsLeft!)
})

test('it never falls, not even below an earlier attempt, and is done only elsewhere', () => {
  const at = jobProgress(SETTINGS, { atLeast: 40 })
  const steps = [denoising(0), denoising(9), denoising(1), { phase: 'encoding video', step: 1, total: 1 } as const]
  const percents = steps.map((step) => at(step).percent)
  expect(percents[0]).toBe(40)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(percents.at(-1)).toBe(99)
})
