import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { elementCount, tensor } from '../tensor/tensor.ts'
import { joinFrames } from './join.ts'

/** Frames of one value each: first, first + 1, ... in units of 1/16. */
function clip(first: number, shape: readonly number[]) {
  const area = elementCount(shape.slice(-3))
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => (first + Math.floor(i / area)) / 16)
  return tensor('float32', [...shape], data)
}

const shades = ({ shape, data }: ReturnType<typeof clip>) => {
  const area = elementCount(shape.slice(-3))
  return Array.from({ length: data.length / area }, (_, i) => data[i * area]! * 16)
}

describe('joinFrames', () => {
  test('shows the frames once that both have', () => {
    const whole = joinFrames(clip(0, [6, 4, 2, 3]), clip(4, [1, 5, 4, 2, 3]), 2)
    expect(whole.shape).toEqual([1, 9, 4, 2, 3])
    expect(shades(whole)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('keeps the rank of what was added, and may share nothing', () => {
    const whole = joinFrames(clip(0, [2, 2, 2, 3]), clip(2, [2, 2, 2, 3]), 0)
    expect(whole.shape).toEqual([4, 2, 2, 3])
    expect(shades(whole)).toEqual([0, 1, 2, 3])
  })

  test('brings the given frames to the size of the new ones', () => {
    const whole = joinFrames(clip(0, [1, 4, 4, 3]), clip(8, [1, 2, 2, 2, 3]), 0)
    expect(whole.shape).toEqual([1, 3, 2, 2, 3])
    expect(shades(whole)).toEqual([0, 8, 9])
  })

  test.each([-1, 3, 1.5])('refuses to share %d of 2 frames', (overlap) => {
    expect(() => joinFrames(clip(0, [2, 2, 2, 3]), clip(0, [1, 4, 2, 2, 3]), overlap)).toThrow(ArgumentError)
  })

  test('refuses a batch', () => {
    expect(() => joinFrames(clip(0, [2, 2, 2, 3]), clip(0, [2, 2, 2, 2, 3]), 1)).toThrow(/one video continues one/)
  })
})
