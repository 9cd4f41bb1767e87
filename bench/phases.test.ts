import { expect, test } from 'vitest'
import type { Told } from './command-line.ts'
import { phasesOf } from './generate.ts'
import { wholeRun } from './phases.ts'

const told = (at: number, phase: string, step = 0): Told => ({ at, event: 'progress', phase, step })

const TOLD: Told[] = [
  told(2, 'encoding prompt'),
  told(5, 'encoding prompt', 1),
  told(6, 'loading'),
  told(16, 'denoising'),
  told(20, 'denoising', 1),
  told(23, 'denoising', 2),
  told(26, 'denoising', 3),
  told(27, 'decoding'),
  told(31, 'decoding', 2),
  told(31, 'encoding video'),
  { at: 32, event: 'saved' },
]

const MEMORY = { peak: 3, resident: 2, private: 1 }

test('phases of a run are what lies between its reports', () => {
  const { phases, stepSeconds } = phasesOf(TOLD, 33)
  expect(phases).toEqual({ start: 2, text: 3, load: 11, steps: 10, decode: 5, encode: 2 })
  expect(stepSeconds).toEqual([4, 3, 3])
})

test('a run that was measured in full is not extrapolated', () => {
  const run = wholeRun({ ...phasesOf(TOLD, 33), memory: MEMORY }, 3, 9)
  expect(run).toMatchObject({ steps: 3, guidance: 9, totalSeconds: 33, peakBytes: 3, privateBytes: 1 })
  expect(run).not.toHaveProperty('extrapolated')
})

test('extrapolation repeats the median of the later steps, and nothing else', () => {
  const run = wholeRun({ ...phasesOf(TOLD, 33), memory: MEMORY }, 25, 9)
  expect(run.measured.totalSeconds).toBe(33)
  expect(run.extrapolated?.phases).toEqual({ start: 2, text: 3, load: 11, steps: 4 + 24 * 3, decode: 5, encode: 2 })
  expect(run.totalSeconds).toBe(33 - 10 + 76)
})

test('a phase that is not measured does not count', () => {
  const phases = { start: 1, text: 1, load: 1, steps: 2, decode: 1, encode: null }
  const run = wholeRun({ phases, stepSeconds: [2], memory: MEMORY }, 4, 1)
  expect(run.totalSeconds).toBe(4 + 4 * 2)
})
