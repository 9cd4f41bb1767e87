import { expect, test } from 'vitest'
import type { Capabilities } from '../api/types.ts'
import { NOTHING } from '../settings/settings.ts'
import { batchDraftOf, linesOf, roomOf, settingsOfLine } from './lines.ts'

test('one prompt a line, whatever ends it', () => {
  expect(linesOf('a cat\r\n\r\n  a dog \n\t\na bird\u2028a fish')).toEqual(['a cat', 'a dog', 'a bird', 'a fish'])
  expect(linesOf(' \n ')).toEqual([])
})

test('seeds are drawn for each, or count up', () => {
  const settings = { ...NOTHING, model: 'demo', seed: 5, num_frames: 8 }
  expect(settingsOfLine(settings, 'a cat', { kind: 'random' }, 3)).toEqual({ ...settings, prompt: 'a cat', seed: -1 })
  expect([0, 1, 2].map((index) => settingsOfLine(settings, 'a cat', { kind: 'counting', from: 40 }, index).seed)).toEqual([40, 41, 42])
})

test('room is what the nearest limit leaves', () => {
  const capabilities = (quota: object, used: object, waiting = 0) =>
    ({ quota: { queued: null, per_day: null, work_per_day: null, ...quota }, used, queue: { waiting, most: 500 } }) as Capabilities
  expect(roomOf(capabilities({}, { queued: 3, per_day: 90 }, 20))).toBe(480)
  expect(roomOf(capabilities({ queued: 5 }, { queued: 3, per_day: 90 }))).toBe(2)
  expect(roomOf(capabilities({ queued: 5, per_day: 91 }, { queued: 3, per_day: 90 }))).toBe(1)
  expect(roomOf(capabilities({ queued: 5 }, { queued: 7, per_day: 7 }))).toBe(0)
})

test('a change of no video is a new video', () => {
  const edit = { ...NOTHING, task: 'edit' as const }
  expect(batchDraftOf({ settings: edit }).settings.task).toBe('generate')
  expect(batchDraftOf({ settings: { ...edit, source: { id: 'video_1' } } }).settings.task).toBe('edit')
})
