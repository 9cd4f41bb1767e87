// What a form can tell before it asks.

import { expect, test } from 'vitest'
import { EXAMPLE } from './example-capabilities.ts'
import { problemOf } from './problem.ts'
import { NOTHING, type Settings } from './settings.ts'

const FINE: Settings = { ...NOTHING, prompt: 'a red ball' }

test('nothing stands in the way of a plain prompt', () => {
  expect(problemOf(EXAMPLE, FINE)).toBeUndefined()
})

test.each<[Partial<Settings>, object]>([
  [{ prompt: '  \n' }, { kind: 'empty', param: 'prompt' }],
  [{ prompt: 'x'.repeat(2001) }, { kind: 'tooLong', param: 'prompt' }],
  [{ model: 'gone' }, { kind: 'unknownModel', param: 'model' }],
  [{ width: 130 }, { kind: 'notMultiple', param: 'width' }],
  [{ height: 131 }, { kind: 'notMultiple', param: 'height' }],
  [
    { width: 1024, height: 1024 },
    { kind: 'tooManyPixels', param: 'width' },
  ],
])('%j', (values, problem) => {
  expect(problemOf(EXAMPLE, { ...FINE, ...values })).toEqual(problem)
})

test('a continued video has its source’s size, whatever the form still holds', () => {
  expect(problemOf(EXAMPLE, { ...FINE, task: 'extend', width: 130, source: { id: 'a' } })).toBeUndefined()
})

test('quotas and a full queue come before the fields', () => {
  expect(problemOf({ ...EXAMPLE, queue: { waiting: 500, most: 500 } }, NOTHING)).toEqual({ kind: 'queueFull' })
  const quota = { queued: 2, per_day: 5, work_per_day: null }
  expect(problemOf({ ...EXAMPLE, quota, used: { queued: 2, per_day: 2, work_per_day: 0 } }, FINE)).toEqual({ kind: 'quotaQueued' })
  expect(problemOf({ ...EXAMPLE, quota, used: { queued: 1, per_day: 5, work_per_day: 0 } }, FINE)).toEqual({ kind: 'quotaPerDay' })
  expect(problemOf({ ...EXAMPLE, quota, used: { queued: 1, per_day: 4, work_per_day: 0 } }, FINE)).toBeUndefined()
})
