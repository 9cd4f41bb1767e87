// Quotas as shares, work as videos.

import { expect, test } from 'vitest'
import type { Capabilities } from '../api/types.ts'
import { usagesOf, usualVideos } from './usage.ts'

const field = (name: string, value: number) => ({
  name,
  least: 1,
  most: 1000,
  step: 1,
  default: { generate: value },
  tasks: ['generate' as const],
})

function capabilities(quota: Capabilities['quota'], used: Capabilities['used']): Capabilities {
  const fields = [field('width', 100), field('height', 50), field('num_frames', 10), field('num_inference_steps', 4)]
  return {
    object: 'capabilities',
    default_model: 'm',
    tasks: ['generate'],
    models: [{ id: 'm', fields, negative_prompt: '', scheduler: 'ddim', seconds_per_work: null }],
    schedulers: [],
    limits: { pixels: 1, frames: 1, steps: 1, prompt_length: 1, total_frames: 1 },
    uploads: { bytes: 1, frames: 1, seconds: 1 },
    quota,
    used,
    queue: { waiting: 0, most: 1 },
    moderation: false,
  }
}

const USED = { queued: 1, per_day: 5, work_per_day: 300_000 }

test('work is told in videos of the usual settings', () => {
  expect(usualVideos(500_000, capabilities({ queued: null, per_day: null, work_per_day: null }, USED))).toBe(2.5)
})

test('shares, with and without bounds', () => {
  const usages = usagesOf(capabilities({ queued: 4, per_day: null, work_per_day: 2_000_000 }, USED))
  expect(usages).toEqual([
    { bound: 'queued', used: 1, most: 4, share: 0.25 },
    { bound: 'per_day', used: 5, most: null, share: 0 },
    { bound: 'work_per_day', used: 1.5, most: 10, share: 0.15 },
  ])
})

test('a bound of nothing is used up, and no share is above one', () => {
  const usages = usagesOf(capabilities({ queued: 0, per_day: 2, work_per_day: null }, USED))
  expect(usages.map(({ share }) => share)).toEqual([1, 1, 0])
})
