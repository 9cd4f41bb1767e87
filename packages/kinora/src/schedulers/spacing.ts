// Which training timesteps a run of a few steps visits: the three spacings of Lin et al. 2023, table 2,
// with numpy's rounding. Sigma-based schedules (Karras and others) are sigmas.ts.

import { ArgumentError } from '../errors.ts'
import { oneOf } from './config.ts'

const SPACINGS = ['linspace', 'leading', 'trailing'] as const
export type Spacing = (typeof SPACINGS)[number]

export interface SpacingConfig {
  readonly num_train_timesteps: number
  readonly timestep_spacing: Spacing
  readonly steps_offset: number
}

/** The config key `timestep_spacing` with a class's own default. */
export function spacingField(fallback: Spacing) {
  return oneOf(SPACINGS, fallback)
}

/** Throws ArgumentError unless `steps` is a whole number from 1 to `most`, the class's num_train_timesteps. */
export function checkSteps(steps: number, most: number): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > most)
    throw new ArgumentError(
      `numInferenceSteps ${steps} must be a whole number from 1 to ${most}, the timesteps that the model was trained on`,
    )
}

/**
 * The run of the schedulers that count in timesteps (DDIM and its kin), in descending order, [steps]. Throws ArgumentError for
 * steps out of range, and where an offset leads beyond the last training timestep.
 */
export function spacedTimesteps(config: SpacingConfig, steps: number): number[] {
  const { num_train_timesteps: trained, timestep_spacing: spacing, steps_offset: offset } = config
  checkSteps(steps, trained)
  switch (spacing) {
    case 'linspace':
      return linspaceTimesteps(trained - 1, steps)
    case 'leading':
      return checkFirst(leadingTimesteps(Math.floor(trained / steps), steps, offset), trained, offset)
    case 'trailing':
      return trailingTimesteps(trained, trained / steps, steps)
    default:
      return spacing satisfies never
  }
}

/** Returns `timesteps`. Throws ArgumentError when the first lies beyond the `trained` ones. */
export function checkFirst(timesteps: number[], trained: number, offset: number): number[] {
  const first = timesteps[0]!
  if (first < trained) return timesteps
  throw new ArgumentError(
    `${timesteps.length} steps with timestep_spacing leading and steps_offset ${offset} begin at timestep ${first}, beyond the last, ${trained - 1}; take fewer steps`,
  )
}

/** `count` evenly spaced numbers from start to stop, both included. */
export function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1)
  return Array.from({ length: count }, (_, i) => (i > 0 && i === count - 1 ? stop : i === 0 ? start : start + i * step))
}

/** Evenly spaced from `last` down to 0, both included. */
export function linspaceTimesteps(last: number, count: number): number[] {
  return linspace(0, last, count).map(roundHalfEven).reverse()
}

/** Whole strides up from `offset`, in descending order. */
export function leadingTimesteps(stride: number, count: number, offset: number): number[] {
  return Array.from({ length: count }, (_, i) => (count - 1 - i) * stride + offset)
}

/** Strides down from `end` - 1, as numpy's arange takes them. The reference can append a timestep -1 here when the stride is inexact; this never does. */
export function trailingTimesteps(end: number, stride: number, count: number): number[] {
  const delta = end - (end - stride) // arange measures its stride between its first two values
  return Array.from({ length: count }, (_, i) => roundHalfEven(end - i * delta) - 1)
}

/** Rounds to the nearest whole number, ties to even, as numpy does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}
