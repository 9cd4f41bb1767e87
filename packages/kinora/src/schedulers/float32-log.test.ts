import { expect, it } from 'vitest'
import { log32 } from './float32-log.ts'

// numpy.log of float32 values; at 0.70710677 and 0.7071068 it is not the nearest float32.
it.each([
  [9.999999974752427e-7, -13.815510749816895],
  [0.029167532920837402, -3.534698963165283],
  [0.5, -0.6931471824645996],
  [0.7071067690849304, -0.3465735912322998],
  [0.7071068286895752, -0.34657350182533264],
  [1, 0],
  [2.5, 0.9162907600402832],
  [14.614646911621094, 2.6820242404937744],
  [4096, 8.317766189575195],
])('ln %d is %d', (x, expected) => {
  expect(log32(x)).toBe(expected)
})

it('stays within three units in the last place', () => {
  for (let x = 1e-10; x < 1e10; x *= 1.0173) {
    const value = Math.fround(x)
    expect(Math.abs(log32(value) - Math.log(value))).toBeLessThanOrEqual(3 * 2 ** -24 * Math.max(Math.abs(Math.log(value)), 2 ** -7))
  }
})
