// Guidance and its rescaling against the reference's numbers (expected/guidance.json).

import { expect, test } from 'vitest'
import { readJson } from '../../test/support/json.ts'
import { tensor } from '../tensor/tensor.ts'
import { guide } from './guidance.ts'

const { prediction, cases } = readJson<{
  prediction: number[]
  cases: { scale: number; rescale: number; guided: number[] }[]
}>('expected/guidance.json')

test.each(cases)('scale $scale, rescaled by $rescale', ({ scale, rescale, guided }) => {
  const result = guide(tensor('float32', [4, 3, 2, 2], Float32Array.from(prediction)), scale, rescale)
  expect(result.shape).toEqual([2, 3, 2, 2])
  for (const [i, value] of result.data.entries()) expect(value).toBeCloseTo(guided[i]!, 5)
})
