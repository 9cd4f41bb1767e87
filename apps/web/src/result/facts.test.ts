// The rows of settings, and the JSON that a request takes as it is.

import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { factsOf, settingsJson } from './facts.ts'

const video = {
  id: 'video_1',
  task: 'extend',
  model: 'demo',
  prompt: 'a ball',
  negative_prompt: '',
  num_frames: 16,
  input_frames: 8,
  fps: 8,
  seconds: '3',
  num_inference_steps: 12,
  guidance_scale: 7.5,
  seed: 5,
  width: 128,
  height: 64,
  lora: [{ name: 'anime', scale: 0.5 }],
  created_at: 0,
  completed_at: null,
  expires_at: null,
} as VideoObject

test('rows say what there is, and nothing of what there is not', () => {
  const rows = Object.fromEntries(factsOf(video, 'en').map(({ name, value }) => [name, value]))
  expect(rows).toMatchObject({ size: '128 × 64', frames: '24 (3 sec)', guidance: '7.5', lora: 'anime × 0.5' })
  expect(Object.keys(rows)).not.toEqual(expect.arrayContaining(['negative']))
  expect(rows).not.toHaveProperty('expires')
})

test('the JSON has the names of a request, and the real seed', () => {
  const body = JSON.parse(settingsJson(video)) as Record<string, unknown>
  expect(body).toMatchObject({ prompt: 'a ball', seed: 5, num_inference_steps: 12, width: 128 })
  expect(body).not.toHaveProperty('task')
})
