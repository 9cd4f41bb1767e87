// Timesteps and sigmas of a run for the samplers that work on sigma itself (Euler, Heun, KDPM2, LMS): evenly
// spaced timesteps that may be fractional, or respaced sigmas and the timesteps that they stand for.
// Follows set_timesteps of diffusers' scheduling_euler_discrete.py; DPM-Solver rounds otherwise.

import { ArgumentError } from '../errors.ts'
import { betaSigmas } from './beta-sigmas.ts'
import { flag, integer, type Values } from './config.ts'
import { log32 } from './float32-log.ts'
import { exponentialSigmas, karrasSigmas, SIGMA_BOUND_FIELDS, sigmaOfTimestep, timestepOfSigma } from './sigmas.ts'
import { leadingTimesteps, linspace, type Spacing, type SpacingConfig, spacingField, trailingTimesteps } from './spacing.ts'

/** Config keys of the timesteps' spacing. */
export const TIMESTEP_FIELDS = {
  timestep_spacing: spacingField('linspace'),
  steps_offset: integer(0, 0, 100_000),
}

/** Config keys of the sigmas' spacing; at most one of the first three may be true. */
export const RESPACING_FIELDS = {
  use_karras_sigmas: flag(false),
  use_exponential_sigmas: flag(false),
  use_beta_sigmas: flag(false),
  ...SIGMA_BOUND_FIELDS,
}

export type RespacingConfig = Values<typeof RESPACING_FIELDS>
type Bounds = Pick<RespacingConfig, 'sigma_min' | 'sigma_max'>

/** Timesteps and their sigmas in float64, without the final sigma. */
export interface Levels {
  readonly timesteps: readonly number[]
  readonly sigmas: readonly number[]
}

/** Throws ArgumentError when more than one respacing is asked for. */
export function checkRespacing(config: RespacingConfig): void {
  const keys = ['use_karras_sigmas', 'use_exponential_sigmas', 'use_beta_sigmas'] as const
  const chosen = keys.filter((key) => config[key])
  if (chosen.length > 1) throw new ArgumentError(`${chosen.join(' and ')} exclude each other: set only one`)
}

/** `steps` float32 timesteps in descending order, whole for leading and trailing, and their sigmas. */
export function spacedLevels(config: SpacingConfig, training: Float32Array, steps: number): Levels {
  const timesteps = spacedTimesteps(config.timestep_spacing, config.num_train_timesteps, steps, config.steps_offset)
  return { timesteps, sigmas: timesteps.map((timestep) => sigmaOfTimestep(timestep, training)) }
}

function spacedTimesteps(spacing: Spacing, trained: number, steps: number, offset: number): number[] {
  switch (spacing) {
    case 'linspace':
      return linspace(0, trained - 1, steps)
        .map(Math.fround)
        .reverse()
    case 'leading':
      return leadingTimesteps(Math.floor(trained / steps), steps, offset)
    case 'trailing':
      return trailingTimesteps(trained, trained / steps, steps)
    default:
      return spacing satisfies never
  }
}

/** As many levels as `plain` has, spaced anew between its ends or the given bounds where the config asks for it. */
export function respacedLevels(config: RespacingConfig, plain: Levels, training: Float32Array, bounds: Bounds = config): Levels {
  const low = bounds.sigma_min ?? plain.sigmas.at(-1)!
  const high = bounds.sigma_max ?? plain.sigmas[0]!
  const sigmas = respacedSigmas(config, low, high, plain.timesteps.length)
  if (!sigmas) return plain
  const logSigmas = training.map(log32)
  return { timesteps: sigmas.map((sigma) => timestepOfSigma(sigma, logSigmas)), sigmas }
}

/** `count` sigmas from `high` to `low`, or undefined when the config asks for no respacing. Throws ArgumentError for ends out of order. */
export function respacedSigmas(config: RespacingConfig, low: number, high: number, count: number): number[] | undefined {
  const respace = respacing(config)
  if (respace && low > high) throw new ArgumentError(`sigmas cannot fall from ${high} to ${low}: sigma_min must lie below sigma_max`)
  return respace?.(low, high, count)
}

function respacing(config: RespacingConfig): ((low: number, high: number, count: number) => number[]) | undefined {
  if (config.use_karras_sigmas) return karrasSigmas
  if (config.use_exponential_sigmas) return exponentialSigmas
  return config.use_beta_sigmas ? betaSigmas : undefined
}
