// Counting what differs from the model's own.

import { expect, test } from 'vitest'
import { EXAMPLE } from './example-capabilities.ts'
import { changedOptions, withoutOptions } from './options.ts'
import { NOTHING, type Settings } from './settings.ts'

test('what says the same as the model is no change', () => {
  const same: Settings = {
    ...NOTHING,
    model: 'demo',
    negative_prompt: '',
    num_frames: 16,
    fps: 8,
    seed: -1,
    width: 128,
    height: 128,
    scheduler: 'DDIMScheduler',
    lora: [],
  }
  expect(changedOptions(EXAMPLE, same)).toEqual([])
})

test('width and height count once, a seed counts, a file counts', () => {
  expect(changedOptions(EXAMPLE, { ...NOTHING, width: 168, height: 96, seed: 0 })).toEqual(['seed', 'width'])
  expect(changedOptions(EXAMPLE, { ...NOTHING, task: 'edit' }, true)).toEqual(['source'])
})

test('what the task does not take does not count', () => {
  const kept: Settings = { ...NOTHING, num_frames: 24, strength: 0.5, overlap: 2, width: 168 }
  expect(changedOptions(EXAMPLE, kept)).toEqual(['num_frames', 'width'])
  expect(changedOptions(EXAMPLE, { ...kept, task: 'edit' })).toEqual(['width', 'strength'])
  expect(changedOptions(EXAMPLE, { ...kept, task: 'extend' })).toEqual(['num_frames', 'strength', 'overlap'])
})

test('defaults leave the prompt', () => {
  expect(withoutOptions({ ...NOTHING, prompt: 'a', seed: 5, task: 'edit', source: { id: 'b' } })).toEqual({ task: 'generate', prompt: 'a' })
})
