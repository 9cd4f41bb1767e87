// What forms read from capabilities.

import { expect, test } from 'vitest'
import type { Capabilities } from '../api/types.ts'
import { EXAMPLE } from './example-capabilities.ts'
import { defaultOf, fieldOf, modelOf, sizeOf, sizePresets, takes } from './limits.ts'
import { NOTHING } from './settings.ts'

test('a field is the chosen model’s, or the default one’s', () => {
  expect(fieldOf(EXAMPLE, undefined, 'width')?.default.generate).toBe(128)
  expect(fieldOf(EXAMPLE, 'wide', 'width')?.default.generate).toBe(576)
  expect(fieldOf(EXAMPLE, 'gone', 'width')).toBeUndefined()
  expect(modelOf(EXAMPLE)?.id).toBe('demo')
})

test('defaults and fields follow the task', () => {
  expect(defaultOf(EXAMPLE, { ...NOTHING, task: 'edit' }, 'strength')).toBe(0.6)
  expect(defaultOf(EXAMPLE, { ...NOTHING, task: 'extend' }, 'strength')).toBe(0.9)
  expect(takes(EXAMPLE, { ...NOTHING, task: 'edit' }, 'num_frames')).toBe(false)
  expect(takes(EXAMPLE, { ...NOTHING, task: 'extend' }, 'num_frames')).toBe(true)
})

test('presets are the model’s own size and about as many pixels in other shapes', () => {
  expect(sizePresets(EXAMPLE, 'demo')).toEqual([
    { shape: 'square', width: 128, height: 128, own: true },
    { shape: 'landscape', width: 168, height: 96, own: false },
    { shape: 'portrait', width: 96, height: 168, own: false },
  ])
  expect(sizePresets(EXAMPLE, 'wide')).toEqual([
    { shape: 'square', width: 432, height: 432, own: false },
    { shape: 'landscape', width: 576, height: 320, own: true },
    { shape: 'portrait', width: 320, height: 576, own: false },
  ])
  expect(sizePresets(EXAMPLE, 'gone')).toEqual([])
})

test('presets stay within the pixels that the service makes, and are multiples of what the model takes', () => {
  for (const pixels of [8 * 8, 10_000, 16_384, 90_000, 589_824]) {
    const service: Capabilities = { ...EXAMPLE, limits: { ...EXAMPLE.limits, pixels } }
    const made = sizePresets(service, 'wide').filter(({ own }) => !own)
    expect(made).toHaveLength(2)
    for (const { width, height } of made) {
      expect(width * height).toBeLessThanOrEqual(pixels)
      expect([width % 8, height % 8]).toEqual([0, 0])
    }
  }
})

test('the size is as asked for, the rest of it the model’s; a source decides its own', () => {
  expect(sizeOf(EXAMPLE, { ...NOTHING, width: 256 })).toEqual({ width: 256, height: 128 })
  expect(sizeOf(EXAMPLE, { ...NOTHING, task: 'edit' })).toBeUndefined()
})
