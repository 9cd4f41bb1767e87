// How the queue is looked after: pauses, what has left, the title's figure.

import { expect, test } from 'vitest'
import type { QueueObject, VideoObject } from '../api/types.ts'
import { idsThatLeft, isNews, pauseOf, runningPercent } from './jobs.ts'

function queueOf(data: Partial<VideoObject>[], changes: Partial<QueueObject> = {}): QueueObject {
  const running = data.filter(({ status }) => status === 'in_progress').length
  return { running, waiting: data.length - running, paused: false, data, ...changes } as QueueObject
}

const running = { id: 'a', status: 'in_progress', progress: 42 } as const
const waiting = { id: 'b', status: 'queued', progress: 0 } as const

test('it is looked often while something is done, rarely else, more rarely while hidden', () => {
  const active = queueOf([running, waiting])
  const pauses = [active, queueOf([])].flatMap((queue) => [pauseOf(queue, false), pauseOf(queue, true)])
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
  expect(new Set(pauses).size).toBe(4)
  expect(pauseOf(queueOf([waiting], { paused: true }), false)).toBe(pauseOf(undefined, false))
})

test('what left the queue is known from two looks', () => {
  expect(idsThatLeft(undefined, queueOf([running]))).toEqual([])
  expect(idsThatLeft(queueOf([running, waiting]), queueOf([waiting]))).toEqual(['a'])
})

test('the title has the furthest of what runs', () => {
  expect(runningPercent(queueOf([waiting]))).toBeUndefined()
  expect(runningPercent(queueOf([running, { ...running, id: 'c', progress: 7 }]))).toBe(42)
})

test('a cancelled video is no news', () => {
  expect(isNews({ status: 'completed' } as VideoObject)).toBe(true)
  expect(isNews({ status: 'failed', error: { code: 'worker_lost' } } as VideoObject)).toBe(true)
  expect(isNews({ status: 'failed', error: { code: 'cancelled' } } as VideoObject)).toBe(false)
})
