// The share of the arithmetic that each setting takes, on the published UNet's shapes.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Setting, settingsOf, shallowShare, workOf } from './tradeoff-settings.ts'

const file = new URL('../packages/kinora/test/fixtures/full-size/unet.shapes.json', import.meta.url)
const shapes = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number[]>
const size = { batch: 2, frames: 16, height: 32, width: 32, tokens: 77 }
const work = (options: Setting['options']) => workOf({ group: 'fewer steps', label: '', options }, 12, shapes, size)

test('a cached evaluation computes more the deeper it goes, and all of it never', () => {
  const shares = Array.from({ length: 11 }, (_, i) => shallowShare(shapes, size, i + 1))
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares[0]).toBeCloseTo(0.1, 2)
  expect(shares.at(-1)).toBeLessThan(1)
})

test('steps, guided halves and whole evaluations are what is counted', () => {
  expect(work({ numInferenceSteps: 12 })).toBe(1)
  expect(work({ numInferenceSteps: 3 })).toBe(0.25)
  expect(work({ numInferenceSteps: 12, guidanceInterval: [0, 0.5] })).toBe(0.75)
  const shallow = shallowShare(shapes, size, 2)
  expect(work({ numInferenceSteps: 12, cacheInterval: 5, cacheDepth: 2 })).toBeCloseTo((3 + 9 * shallow) / 12, 12)
})

test('settings are told apart by their names, and each saves something', () => {
  const settings = settingsOf(25)
  expect(new Set(settings.map(({ group, label }) => `${group}/${label}`)).size).toBe(settings.length)
  for (const setting of settings) expect(workOf(setting, 25, shapes, size), setting.label).toBeLessThan(1)
})
