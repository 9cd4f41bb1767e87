// The formulas of PNDM: how noise moves a sample from one timestep to another, and how past outputs are
// combined. Liu et al. 2022, formulas 9 and 12. Float32 at every operation.

import { predictNoise } from './prediction.ts'

const f = Math.fround

/** Weights of one to four outputs, the newest first, and what their sum is divided by. */
const MULTISTEP = [
  { weights: [1], divisor: 1 },
  { weights: [3, -1], divisor: 2 },
  { weights: [23, -16, 5], divisor: 12 },
  { weights: [55, -59, 37, -9], divisor: 24 },
] as const

/** Entries of alphasCumprod where a step begins and ends. */
export interface Transfer {
  readonly from: number
  readonly to: number
}

/** Formula 9, by which the noise moves a sample from one timestep to another. */
export function applyTransfer(
  { from, to }: Transfer,
  prediction: 'epsilon' | 'v_prediction',
  output: Float32Array,
  x: Float32Array,
): Float32Array {
  const [beta, betaTo] = [f(1 - from), f(1 - to)]
  const scale = f(Math.sqrt(f(to / from)))
  const divisor = f(f(from * f(Math.sqrt(betaTo))) + f(Math.sqrt(f(f(from * beta) * to))))
  const gap = f(to - from)
  const noise = predictNoise(prediction, f(Math.sqrt(from)), f(Math.sqrt(beta)), output, x, new Float32Array(x.length))
  return x.map((value, i) => f(scale * value) - f(f(gap * noise[i]!) / divisor))
}

/** Linear multistep combination of outputs, the newest first, of the order that their number allows. */
export function weightedOutputs(outputs: readonly Float32Array[]): Float32Array {
  const { weights, divisor } = MULTISTEP[outputs.length - 1]!
  const newest = outputs[0]!
  return newest.map((_, i) => {
    const sum = outputs.reduce((total, output, k) => f(total + f(weights[k]! * output[i]!)), 0)
    return divisor === 24 ? f(1 / 24) * sum : sum / divisor
  })
}
