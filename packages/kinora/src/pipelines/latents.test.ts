// The moves of frames within a batch of latents.

import { expect, test } from 'vitest'
import { tensor } from '../tensor/tensor.ts'
import { firstFrames, holdLastFrame, repeatBatch, rollFrames, writeFirstFrames } from './latents.ts'

/** [2, 2, 3, 1, 2]: value = batch 1000 + channel 100 + frame 10 + pixel */
const x = tensor(
  'float32',
  [2, 2, 3, 1, 2],
  Float32Array.from(
    [0, 1].flatMap((b) => [0, 1].flatMap((c) => [0, 1, 2].flatMap((f) => [0, 1].map((p) => b * 1000 + c * 100 + f * 10 + p)))),
  ),
)

test('rolling frames forward and back', () => {
  expect(Array.from(rollFrames(x, 1).data.slice(0, 6))).toEqual([20, 21, 0, 1, 10, 11])
  expect(Array.from(rollFrames(x, 1).data.slice(18))).toEqual([1120, 1121, 1100, 1101, 1110, 1111])
  for (const shift of [-7, -1, 0, 2, 3, 5]) expect(rollFrames(rollFrames(x, shift), -shift)).toEqual(x)
})

test('the first frames, taken and written', () => {
  const first = firstFrames(x, 2)
  expect(first.shape).toEqual([2, 2, 2, 1, 2])
  expect(Array.from(first.data.slice(4, 8))).toEqual([100, 101, 110, 111])
  expect(writeFirstFrames(x, first)).toEqual(x)
  const zeroed = writeFirstFrames(x, tensor('float32', [2, 2, 1, 1, 2]))
  expect(Array.from(zeroed.data.slice(6, 12))).toEqual([0, 0, 110, 111, 120, 121])
  expect(x.data[1]).toBe(1)
})

test('the last frame, held', () => {
  const held = holdLastFrame(firstFrames(x, 2), 4)
  expect(held.shape).toEqual([2, 2, 4, 1, 2])
  expect(Array.from(held.data.slice(8, 16))).toEqual([100, 101, 110, 111, 110, 111, 110, 111])
})

test('one row serves a batch, two rows do not serve three', () => {
  const one = tensor('float32', [1, 2], Float32Array.of(4, 5))
  expect([...repeatBatch(one, 3).data]).toEqual([4, 5, 4, 5, 4, 5])
  expect(repeatBatch(x, 2)).toBe(x)
  expect(() => repeatBatch(x, 3)).toThrow('2 videos do not go with 3 prompts')
})
