// Turns a model's output into what a solver integrates: the predicted clean sample for the ++ algorithms,
// the predicted noise for the others. Float32 at every operation.

import type { Tensor } from '../tensor/tensor.ts'
import { type PredictionType, predictNoise, predictOriginal } from './prediction.ts'
import { alphaSigma } from './sigmas.ts'
import { limitRows, type ThresholdConfig } from './threshold.ts'

interface Prediction extends ThresholdConfig {
  readonly prediction_type: PredictionType
}

/** The clean sample that `output` predicts at `level` (a sigma), thresholded if the config says so. */
export function convertToOriginal(config: Prediction, level: number, output: Float32Array, sample: Tensor<'float32'>): Float32Array {
  const [alpha, sigma] = alphaSigma(level)
  const original = predictOriginal(config.prediction_type, alpha, sigma, output, sample.data, new Float32Array(output.length))
  limitRows(original, sample.shape[0] ?? 1, config)
  return original
}

/** The noise that `output` predicts at `level`; thresholding is done on the clean sample that belongs to it. */
export function convertToNoise(config: Prediction, level: number, output: Float32Array, sample: Tensor<'float32'>): Float32Array {
  const [alpha, sigma] = alphaSigma(level)
  const noise = predictNoise(config.prediction_type, alpha, sigma, output, sample.data, new Float32Array(output.length))
  if (!config.thresholding) return noise
  const original = predictOriginal('epsilon', alpha, sigma, noise, sample.data, new Float32Array(output.length))
  limitRows(original, sample.shape[0] ?? 1, config)
  return noiseBeside(original, level, sample.data)
}

/** The noise in `sample` when `original` is its clean part. */
export function noiseBeside(original: Float32Array, level: number, sample: Float32Array): Float32Array {
  const [alpha, sigma] = alphaSigma(level)
  return predictNoise('sample', alpha, sigma, original, sample, new Float32Array(original.length))
}
