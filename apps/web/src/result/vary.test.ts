// Seeds of variations, and what happens when the quota ends midway.

import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { makeVariations, nextSeeds } from './vary.ts'

const make = (seed: number) => Promise.resolve({ seed } as VideoObject)

test('the next four seeds, also beyond the largest', () => {
  expect(nextSeeds(41)).toEqual([42, 43, 44, 45])
  const most = Number.MAX_SAFE_INTEGER
  expect(nextSeeds(most - 1)).toEqual([most, 0, 1, 2])
})

test('all of them, in order', async () => {
  expect(await makeVariations(1, make)).toEqual({ made: [{ seed: 2 }, { seed: 3 }, { seed: 4 }, { seed: 5 }] })
})

test('a refusal ends it; what was queued before stays', async () => {
  const full = new Error('quota')
  const asked: number[] = []
  const varied = await makeVariations(1, (seed) => {
    asked.push(seed)
    return seed === 4 ? Promise.reject(full) : make(seed)
  })
  expect(varied).toEqual({ made: [{ seed: 2 }, { seed: 3 }], error: full })
  expect(asked).toEqual([2, 3, 4])
})
