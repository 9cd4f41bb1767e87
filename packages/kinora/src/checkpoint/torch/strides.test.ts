// Views against their definition: element (i, j, ...) lies at i * stride[0] + j * stride[1] + ...

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { elementCount } from '../../tensor/tensor.ts'
import { gather, isRowMajor, reach } from './strides.ts'

/** Positions of the view's elements, in row-major order. */
function positions(shape: readonly number[], stride: readonly number[]): number[] {
  return shape.reduce<number[]>(
    (found, size, axis) => found.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * stride[axis]!)),
    [0],
  )
}

const views = fc
  .array(fc.tuple(fc.nat(4), fc.nat(7)), { maxLength: 4 })
  .map((axes) => ({ shape: axes.map(([size]) => size), stride: axes.map(([, step]) => step) }))

it('gathers what the definition says, for every element size', () => {
  fc.assert(
    fc.property(views, fc.constantFrom(1, 2, 4, 8, 16), fc.nat(3), ({ shape, stride }, elementBytes, shift) => {
      const wanted = positions(shape, stride)
      expect(reach(shape, stride)).toBe(wanted.length === 0 ? 0 : Math.max(...wanted) + 1)
      const source = new Uint8Array(shift + reach(shape, stride) * elementBytes).map((_, i) => i * 7 + (i >> 8)).subarray(shift)
      const expected = wanted.flatMap((at) => [...source.subarray(at * elementBytes, (at + 1) * elementBytes)])
      expect([...gather(source, shape, stride, elementBytes)]).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

it('knows which views lie in one piece', () => {
  fc.assert(
    fc.property(views, ({ shape, stride }) => {
      const wanted = positions(shape, stride)
      if (elementCount(shape) > 0) expect(isRowMajor(shape, stride)).toBe(wanted.every((at, i) => at === i))
    }),
    { numRuns: 1000 },
  )
  expect(isRowMajor([2, 1, 3], [3, 99, 1])).toBe(true)
  expect(isRowMajor([], [])).toBe(true)
})
