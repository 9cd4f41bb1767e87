// Weighing by hand on a few numbers; the reference's numbers are in text-encoding.test.ts.

import { expect, test } from 'vitest'
import { tensor } from '../tensor/tensor.ts'
import { weighTokens } from './token-weights.ts'

const states = (...values: number[]) => tensor('float32', [1, values.length, 1], Float32Array.from(values))
const weigh = (values: number[], weights: number[]) => [...weighTokens(states(...values), [weights]).data]

test('tokens are multiplied, then all so that the mean is the old one', () => {
  expect(weigh([1, 1, 2], [1, 3, 1])).toEqual([1, 3, 2].map((value) => Math.fround(value * Math.fround(4 / 6))))
  expect(weigh([-1, -3], [0.5, 1])).toEqual([-0.5, -3].map((value) => Math.fround(value * Math.fround(4 / 3.5))))
})

test('one weight for all changes nothing but roundings', () => {
  for (const [i, value] of weigh([1, 2, 5], [1.7, 1.7, 1.7]).entries()) expect(value).toBeCloseTo([1, 2, 5][i]!, 6)
})

test('prompts of a batch do not see each other, and weights of 1 keep every bit', () => {
  const batch = tensor('float32', [2, 2, 2], Float32Array.of(1, 2, 3, 4, 0.1, -0.2, 1e-40, Number.NaN))
  const { data, shape } = weighTokens(batch, [
    [2, 1],
    [1, 1],
  ])
  expect(shape).toEqual([2, 2, 2])
  expect(data.subarray(4)).toEqual(batch.data.subarray(4))
  expect(data.subarray(0, 4)).toEqual(Float32Array.of(2, 4, 3, 4).map((value) => value * Math.fround(10 / 13)))
})

test.each([
  [
    [1, -1.01],
    [1.1, 1],
  ], // the mean turns positive
  [
    [1, -0.5],
    [1, 1.99],
  ], // and becomes 100 times smaller
  [
    [0, 0],
    [2, 1],
  ],
  [
    [1, -1],
    [2, 1],
  ],
  [
    [1, 1],
    [0, 0],
  ],
])('states %j by weights %j: a mean of sums that cancel is not restored', (values, weights) => {
  expect(weigh(values, weights)).toEqual(values.map((value, i) => Math.fround(Math.fround(value) * Math.fround(weights[i]!))))
})
