// The time that a video takes, from its work.

import { expect, test } from 'vitest'
import { estimateSeconds, workOf } from './estimate.ts'
import { EXAMPLE } from './example-capabilities.ts'
import { NOTHING, type Settings } from './settings.ts'

const SOURCE = { num_frames: 10, width: 64, height: 64 }

test('frames x pixels x steps, of the model where nothing is said', () => {
  expect(workOf(NOTHING, EXAMPLE)).toBe(16 * 128 * 128 * 12)
  expect(workOf({ ...NOTHING, num_frames: 8, width: 64, num_inference_steps: 5 }, EXAMPLE)).toBe(8 * 64 * 128 * 5)
  expect(estimateSeconds(NOTHING, EXAMPLE)).toBeCloseTo(3.146, 3)
})

test('an edit has its source’s frames and the steps that its strength leaves', () => {
  const edit: Settings = { ...NOTHING, task: 'edit' }
  expect(workOf(edit, EXAMPLE, SOURCE)).toBe(10 * 64 * 64 * 7)
  expect(workOf({ ...edit, width: 128, height: 128, strength: 1 }, EXAMPLE, SOURCE)).toBe(10 * 128 * 128 * 12)
  expect(workOf(edit, EXAMPLE)).toBeUndefined()
})

test('a continuation counts the frames that are seen again', () => {
  const extend: Settings = { ...NOTHING, task: 'extend' }
  expect(workOf(extend, EXAMPLE, SOURCE)).toBe(16 * 64 * 64 * 10)
  expect(workOf({ ...extend, num_frames: 20, overlap: 2 }, EXAMPLE, SOURCE)).toBe(22 * 64 * 64 * 10)
})

test('nothing is said of a model that has made nothing yet', () => {
  expect(estimateSeconds({ ...NOTHING, model: 'wide' }, EXAMPLE)).toBeUndefined()
  expect(estimateSeconds({ ...NOTHING, model: 'gone' }, EXAMPLE)).toBeUndefined()
})
