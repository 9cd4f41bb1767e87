// What a model's output says about the clean sample and about the noise, for each prediction_type, when
// sample = alpha * original + sigma * noise. Float32 at every operation, as torch computes it.
// v-prediction: Salimans and Ho 2022, appendix D.

import { ArgumentError } from '../errors.ts'
import { oneOf } from './config.ts'

const f = Math.fround

/** The config key `prediction_type`. */
export const predictionField = oneOf(['epsilon', 'sample', 'v_prediction'], 'epsilon')
export type PredictionType = typeof predictionField.fallback

/** Throws ArgumentError where a noise prediction cannot start: at a timestep whose alphasCumprod entry, `alpha`, is 0. */
export function checkSignal(type: PredictionType, alpha: number, timestep: number): void {
  if (alpha === 0 && type === 'epsilon')
    throw new ArgumentError(
      `timestep ${timestep} holds no signal (rescale_betas_zero_snr), and prediction_type epsilon cannot start there; use timestep_spacing leading or prediction_type v_prediction`,
    )
}

/** Writes the predicted clean sample to `into` and returns it. All arrays have one length. */
export function predictOriginal(
  type: PredictionType,
  alpha: number,
  sigma: number,
  output: Float32Array,
  sample: Float32Array,
  into: Float32Array,
): Float32Array {
  if (type === 'sample') into.set(output)
  else if (type === 'epsilon') for (let i = 0; i < into.length; i++) into[i] = f(sample[i]! - f(sigma * output[i]!)) / alpha
  else for (let i = 0; i < into.length; i++) into[i] = f(alpha * sample[i]!) - f(sigma * output[i]!)
  return into
}

/** Writes the predicted noise to `into` and returns it. */
export function predictNoise(
  type: PredictionType,
  alpha: number,
  sigma: number,
  output: Float32Array,
  sample: Float32Array,
  into: Float32Array,
): Float32Array {
  if (type === 'epsilon') into.set(output)
  else if (type === 'sample') for (let i = 0; i < into.length; i++) into[i] = f(sample[i]! - f(alpha * output[i]!)) / sigma
  else for (let i = 0; i < into.length; i++) into[i] = f(alpha * output[i]!) + f(sigma * sample[i]!)
  return into
}
