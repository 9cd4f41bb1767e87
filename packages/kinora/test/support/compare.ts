// How far a result is from the reference, in the units of the parity bars.

import type { Tensor } from '../../src/tensor/tensor.ts'

/** Largest absolute difference, as a share of the expected tensor's standard deviation. Infinity when shapes differ or a value is not finite. */
export function maxErrorInDeviations(actual: Tensor, expected: Tensor): number {
  if (actual.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY
  const want = Float64Array.from(expected.data as Float32Array)
  const mean = want.reduce((sum, value) => sum + value, 0) / want.length
  const deviation = Math.sqrt(want.reduce((sum, value) => sum + (value - mean) ** 2, 0) / want.length)
  let worst = 0
  for (const [i, value] of want.entries()) {
    const error = Math.abs(Number(actual.data[i]) - value)
    if (!(error <= worst)) worst = Number.isFinite(error) ? error : Number.POSITIVE_INFINITY
  }
  return worst / deviation
}

/** Norm of the difference over the norm of the expected tensor. Infinity when shapes differ. */
export function relativeError(actual: Tensor, expected: Tensor): number {
  if (actual.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY
  let difference = 0
  let norm = 0
  for (const [i, value] of (expected.data as Float32Array).entries()) {
    difference += (Number(actual.data[i]) - value) ** 2
    norm += value ** 2
  }
  return Math.sqrt(difference / norm)
}
