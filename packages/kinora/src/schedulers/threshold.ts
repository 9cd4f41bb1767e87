// Keeps predicted clean samples in range, in place: plain clipping, and dynamic thresholding (Saharia et
// al. 2022, "Imagen", section 2.3), which scales each batch row by a quantile of its magnitudes.

import { flag, real, type Values } from './config.ts'

const f = Math.fround

/** Config keys of dynamic thresholding. */
export const THRESHOLD_FIELDS = {
  thresholding: flag(false),
  dynamic_thresholding_ratio: real(0.995, 0, 1),
  sample_max_value: real(1, 1e-6, 1e6),
}

export type ThresholdConfig = Values<typeof THRESHOLD_FIELDS>

/** Config keys of the classes that can clip instead. */
export const CLIP_FIELDS = { ...THRESHOLD_FIELDS, clip_sample: flag(true), clip_sample_range: real(1, 0, 1e6) }

/** Thresholds each of `rows` equal parts when the config says so. */
export function limitRows(values: Float32Array, rows: number, config: ThresholdConfig): void {
  if (config.thresholding) dynamicThreshold(values, rows, config.dynamic_thresholding_ratio, config.sample_max_value)
}

/** Thresholds or clips, as the config says. */
export function limitOrClipRows(values: Float32Array, rows: number, config: Values<typeof CLIP_FIELDS>): void {
  if (!config.thresholding && config.clip_sample) clip(values, config.clip_sample_range)
  else limitRows(values, rows, config)
}

/** Clips every element to [-range, range]. */
export function clip(values: Float32Array, range: number): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.min(Math.max(values[i]!, -range), range)
}

/** Clips each of `rows` equal parts to its own limit, the `ratio` quantile of |x| held within [1, most], and divides by it. */
export function dynamicThreshold(values: Float32Array, rows: number, ratio: number, most: number): void {
  const length = values.length / rows
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * length, (row + 1) * length)
    const limit = f(most <= 1 ? most : Math.min(Math.max(quantile(part.map(Math.abs).sort(), ratio), 1), most))
    clip(part, limit)
    for (let i = 0; i < length; i++) part[i]! /= limit
  }
}

/** Linear interpolation between the two nearest of the sorted values, with a float32 rank as in torch.quantile. */
function quantile(sorted: Float32Array, ratio: number): number {
  const rank = f(f(ratio) * (sorted.length - 1))
  const low = sorted[Math.floor(rank)]!
  const high = sorted[Math.ceil(rank)]!
  const weight = f(rank - Math.floor(rank))
  const gap = f(high - low)
  return weight < 0.5 ? f(low + f(weight * gap)) : f(high - f(gap * f(1 - weight)))
}
