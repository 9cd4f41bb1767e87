// The arithmetic that all samplers share whose samples are original + sigma * noise: what the model's output
// says about the clean sample, the slope dx/dsigma that follows, and a straight step along it. Float32 at
// every operation, as torch computes it. Karras et al. 2022, algorithm 1.

import type { PredictionType } from './prediction.ts'

const f = Math.fround

/** Standard deviation of a sample whose clean part has variance 1. */
export function sampleDeviation(sigma: number): number {
  return f(Math.sqrt(f(f(sigma * sigma) + 1)))
}

/** The predicted clean sample, a new array. All arrays have one length. */
export function denoised(type: PredictionType, sigma: number, output: Float32Array, sample: Float32Array): Float32Array {
  switch (type) {
    case 'epsilon':
      return sample.map((x, i) => x - f(sigma * output[i]!))
    case 'v_prediction': {
      const variance = f(f(sigma * sigma) + 1)
      const scale = f(-sigma / sampleDeviation(sigma))
      return sample.map((x, i) => f(output[i]! * scale) + f(x / variance))
    }
    case 'sample':
      return output.slice()
    default:
      return type satisfies never
  }
}

/** dx/dsigma = (sample - original) / sigma */
export function slope(sample: Float32Array, original: Float32Array, sigma: number): Float32Array {
  return sample.map((x, i) => f(x - original[i]!) / sigma)
}

/** sample + slope * length */
export function moved(sample: Float32Array, along: Float32Array, length: number): Float32Array {
  return sample.map((x, i) => x + f(along[i]! * length))
}

/** Splits a step from one sigma to a lower one into a deterministic step `down` and fresh noise of deviation `up`. */
export function ancestralSplit(from: number, to: number): { down: number; up: number } {
  const [fromSquared, toSquared] = [f(from * from), f(to * to)]
  const up = f(Math.sqrt(f(f(toSquared * f(fromSquared - toSquared)) / fromSquared)))
  // From a very high sigma this difference can round to just below zero.
  const down = f(Math.sqrt(Math.max(f(toSquared - f(up * up)), 0)))
  return { down, up }
}
