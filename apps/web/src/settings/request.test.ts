// What is sent to the service for settings.

import { expect, test } from 'vitest'
import { bodyOf, formOf, newKey } from './request.ts'
import { NOTHING, type Settings } from './settings.ts'

const FULL: Settings = {
  task: 'edit',
  prompt: 'a blue cube',
  model: 'demo',
  num_frames: 24,
  fps: 8,
  width: 64,
  height: 64,
  seed: 7,
  strength: 0.5,
  overlap: 2,
  lora: [
    { name: 'one', scale: 1 },
    { name: 'two', scale: 0.5 },
  ],
  source: { id: 'video_1' },
}

test('undefined values and a seed of -1 are left to the service', () => {
  expect(bodyOf({ ...NOTHING, prompt: 'a', seed: -1, fps: undefined, lora: [] })).toEqual({ prompt: 'a' })
  expect(bodyOf({ ...NOTHING, prompt: 'a', seed: 0, negative_prompt: '' })).toEqual({ prompt: 'a', seed: 0, negative_prompt: '' })
})

test('each task says what it takes', () => {
  const { num_frames: _frames, overlap: _overlap, task: _task, source: _source, ...edit } = FULL
  expect(bodyOf(FULL)).toEqual({ ...edit, video: { id: 'video_1' } })
  const extend = bodyOf({ ...FULL, task: 'extend' })
  expect(extend).toMatchObject({ num_frames: 24, overlap: 2, strength: 0.5, video: { id: 'video_1' } })
  expect(extend).not.toHaveProperty('width')
  const generate = bodyOf({ ...FULL, task: 'generate' })
  for (const name of ['video', 'strength', 'overlap', 'source', 'task']) expect(generate).not.toHaveProperty(name)
})

test('a form has the same fields as texts, adapters as a list of objects, and the file at its end', () => {
  const file = new File(['x'], 'a.mp4')
  const entries = [...formOf(FULL, file)]
  expect(entries).toEqual(
    expect.arrayContaining([
      ['prompt', 'a blue cube'],
      ['strength', '0.5'],
    ]),
  )
  expect(entries.slice(-5)).toEqual([
    ['lora[][name]', 'one'],
    ['lora[][scale]', '1'],
    ['lora[][name]', 'two'],
    ['lora[][scale]', '0.5'],
    ['video', file],
  ])
})

test('keys of requests are printable and never the same', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
  expect(newKey()).not.toBe(newKey())
})
