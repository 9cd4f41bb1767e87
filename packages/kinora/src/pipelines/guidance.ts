// Classifier-free guidance (Ho and Salimans 2022) and its rescaling (Lin et al. 2023, "Common Diffusion
// Noise Schedules and Sample Steps are Flawed", section 3.4), in float32 as the reference computes them.

import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'

type Float = Tensor<'float32'>

const f = Math.fround

/**
 * On a doubled batch [2B, ...], unconditional half first: u + scale * (c - u) -> [B, ...]. `rescale` in (0, 1] moves each row's
 * standard deviation towards that of its conditional prediction.
 */
export function guide(prediction: Float, scale: number, rescale = 0): Float {
  const half = prediction.data.length / 2
  const conditional = prediction.data.subarray(half)
  const out = new Float32Array(half)
  const factor = f(scale)
  for (let i = 0; i < half; i++) {
    const unconditional = prediction.data[i]!
    out[i] = unconditional + f(factor * f(conditional[i]! - unconditional))
  }
  const batch = prediction.shape[0]! / 2
  if (rescale > 0) rescaleRows(out, conditional, batch, rescale)
  return tensor('float32', [batch, ...prediction.shape.slice(1)], out)
}

/** rescale * (guided * std(conditional) / std(guided)) + (1 - rescale) * guided, row by row and in place. */
function rescaleRows(guided: Float32Array, conditional: Float32Array, rows: number, rescale: number): void {
  const size = guided.length / rows
  for (let row = 0; row < rows; row++) {
    const part = guided.subarray(row * size, (row + 1) * size)
    const ratio = f(deviation(conditional.subarray(row * size, (row + 1) * size)) / deviation(part))
    for (let i = 0; i < size; i++) part[i] = f(f(rescale) * f(part[i]! * ratio)) + f(f(1 - rescale) * part[i]!)
  }
}

/** Standard deviation with Bessel's correction, as torch.std. */
function deviation(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}
