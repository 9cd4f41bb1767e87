// The stand-in for a model that drove the reference's schedulers when their runs were recorded.

import { type Tensor, tensor } from '../../src/tensor/tensor.ts'

const f = Math.fround

/** 0.3 * x * cos(t / 300) + 0.1 * sin(x + t / 100), rounded to float32 after every operation. */
export function denoise(x: Tensor<'float32'>, t: number): Tensor<'float32'> {
  const wave = f(Math.cos(f(t / 300)))
  const shift = f(t / 100)
  const data = x.data.map((value) => f(f(f(0.3) * value) * wave) + f(f(0.1) * f(Math.sin(f(value + shift)))))
  return tensor('float32', x.shape, data)
}

/** Largest difference, in units of the expected values' root mean square. Not a number when a value is none, or the lengths differ. */
export function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN
  let [worst, squares] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!))
    squares += expected[i]! ** 2
  }
  return worst / Math.sqrt(squares / expected.length)
}
