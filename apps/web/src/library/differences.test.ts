import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { differencesOf } from './differences.ts'

const VIDEO = {
  id: 'video_a',
  model: 'demo',
  prompt: 'a red ball',
  negative_prompt: '',
  seed: 7,
  width: 128,
  height: 128,
  num_frames: 16,
  fps: 8,
  seconds: '2',
  num_inference_steps: 12,
  guidance_scale: 2,
  created_at: 1,
  completed_at: 2,
  expires_at: null,
  lora: undefined,
} as unknown as VideoObject

test('what differs is told, what is no setting is left out', () => {
  const other = { ...VIDEO, id: 'video_b', seed: 8, completed_at: 90, negative_prompt: 'blurry', num_inference_steps: 20 }
  const rows = differencesOf(VIDEO, other, 'en')
  expect(rows.filter(({ isDifferent }) => isDifferent)).toEqual([
    { name: 'seed', values: ['7', '8'], isVerbatim: true, isDifferent: true },
    { name: 'steps', values: ['12', '20'], isVerbatim: false, isDifferent: true },
    { name: 'negative', values: ['', 'blurry'], isVerbatim: true, isDifferent: true },
  ])
  expect(rows.map(({ name }) => name)).not.toContain('asked')
  expect(rows[0]).toEqual({ name: 'prompt', values: ['a red ball', 'a red ball'], isVerbatim: true, isDifferent: false })
})

test('a video and itself do not differ', () => {
  expect(differencesOf(VIDEO, VIDEO, 'zh').filter(({ isDifferent }) => isDifferent)).toEqual([])
})
