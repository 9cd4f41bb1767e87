import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { changesOf, valuesOf } from './changes.ts'

const video = {
  prompt: 'a red ball',
  negative_prompt: 'text',
  num_frames: 16,
  num_inference_steps: 12,
  guidance_scale: 2.5,
  seed: 7,
} as VideoObject

test('nothing was changed', () => {
  expect(changesOf(video, valuesOf(video))).toEqual({})
  expect(changesOf(video, { ...valuesOf(video), prompt: '  a red ball\n' })).toEqual({})
})

test('only what differs is sent', () => {
  expect(changesOf(video, { ...valuesOf(video), prompt: 'a blue ball', num_inference_steps: 20 })).toEqual({
    prompt: 'a blue ball',
    num_inference_steps: 20,
  })
  expect(changesOf(video, { ...valuesOf(video), negative_prompt: '', guidance_scale: 0 })).toEqual({
    negative_prompt: '',
    guidance_scale: 0,
  })
})

test('an empty seed draws one, another empty number is left as it was', () => {
  expect(changesOf(video, { ...valuesOf(video), seed: '', num_frames: '' })).toEqual({ seed: -1 })
})
