// Progress from a video object, and that it never falls.

import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { furthest, progressOf } from './watched.ts'

const waiting = {
  status: 'queued',
  progress: 0,
  queue_position: 3,
  phase: null,
  step: null,
  total_steps: null,
  seconds_left: null,
} as VideoObject

test('a waiting video has its place, one that begins says so, one that has ended has no progress', () => {
  expect(progressOf(waiting)).toEqual({ status: 'queued', phase: 'queued', step: 0, total: 0, percent: 0, eta: null, queue_position: 3 })
  expect(progressOf({ ...waiting, status: 'in_progress', queue_position: null })?.phase).toBe('starting')
  expect(progressOf({ ...waiting, status: 'failed' })).toBeUndefined()
})

test('the percentage never falls, whatever else is newer', () => {
  const early = progressOf(waiting)!
  const later = { ...early, status: 'in_progress', phase: 'denoising', percent: 40 } as const
  expect(furthest(later, { ...later, phase: 'loading', percent: 10 })).toMatchObject({ phase: 'loading', percent: 40 })
  expect(furthest(early, later)).toBe(later)
})
