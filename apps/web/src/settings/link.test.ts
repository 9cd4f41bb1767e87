// Links that fill the form, and what a wrong one does.

import { expect, test } from 'vitest'
import { linkOf, settingsOfLink } from './link.ts'
import { NOTHING, type Settings } from './settings.ts'

const roundTrip = (settings: Settings) => settingsOfLink(new URL(linkOf(settings)).searchParams)

test('settings come back as they were', () => {
  const settings: Settings = {
    ...NOTHING,
    prompt: 'a panda & a fox = friends?\n"two lines" 熊猫 #1',
    model: 'demo',
    negative_prompt: 'blurry, 100%',
    seed: 0,
    guidance_scale: 1.5,
    num_frames: 24,
    width: 168,
    height: 96,
    lora: [
      { name: 'water colour+1', scale: -0.5 },
      { name: 'b', scale: 1 },
    ],
  }
  expect(roundTrip(settings)).toEqual(settings)
})

test('a source goes with its task', () => {
  const settings: Settings = { ...NOTHING, task: 'extend', prompt: 'on', strength: 0.8, overlap: 3, source: { id: 'video_a-B9' } }
  expect(roundTrip(settings)).toEqual(settings)
  expect(settingsOfLink(new URLSearchParams('prompt=a&task=extend'))).toEqual({ task: 'generate', prompt: 'a' })
})

test('an address without settings is none', () => {
  expect(settingsOfLink(new URLSearchParams('utm_source=x&task=edit'))).toBeUndefined()
})

test('what is no such value is left out', () => {
  const params = new URLSearchParams('prompt=a&seed=abc&fps=&width=1e400&lora=nothing&lora=1:&task=edit&source=../admin')
  expect(settingsOfLink(params)).toEqual({ task: 'generate', prompt: 'a' })
  expect(settingsOfLink(new URLSearchParams({ prompt: 'x'.repeat(30_000) }))).toBeUndefined()
})
