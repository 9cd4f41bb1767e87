// Noise levels as sigma = noise / signal, the ways to space them, and the timesteps they stand for.
// Float64 where the reference uses numpy, float32 where it uses torch. Karras et al. 2022 (equation 5),
// Lu et al. 2022 (uniform log-SNR). The beta distribution's spacing is beta-sigmas.ts.

import { flag, notBuilt, real } from './config.ts'
import { log32 } from './float32-log.ts'
import { linspace } from './spacing.ts'

const f = Math.fround

/** Ends of a respaced schedule, or null for those of the schedule that it replaces. The reference reads them for every class. */
export const SIGMA_BOUND_FIELDS = {
  sigma_min: real(null, 1e-6, 1e6),
  sigma_max: real(null, 1e-6, 1e6),
}

/** Config keys of sigma spacing in the DPM-Solver family. */
export const SIGMA_FIELDS = {
  use_karras_sigmas: flag(false),
  use_exponential_sigmas: flag(false),
  use_beta_sigmas: flag(false),
  use_flow_sigmas: notBuilt(false),
  use_dynamic_shifting: notBuilt(false),
  ...SIGMA_BOUND_FIELDS,
}

/** Sigma of every training timestep, rising, [num_train_timesteps]. */
export function trainingSigmas(alphasCumprod: Float32Array): Float32Array {
  return alphasCumprod.map((alpha) => Math.sqrt(f(f(1 - alpha) / alpha)))
}

/** Sigma at a timestep that may lie between two training timesteps, by linear interpolation; clamped to the ends. */
export function sigmaOfTimestep(timestep: number, training: Float32Array): number {
  const last = training.length - 1
  if (timestep >= last) return training[last]!
  const below = Math.floor(timestep)
  return (training[below + 1]! - training[below]!) * (timestep - below) + training[below]!
}

/** `count` sigmas from high to low whose seventh roots are evenly spaced. */
export function karrasSigmas(low: number, high: number, count: number): number[] {
  const rho = 7
  return linspace(high ** (1 / rho), low ** (1 / rho), count).map((root) => root ** rho)
}

/** `count` sigmas from high to low whose logarithms are evenly spaced. */
export function exponentialSigmas(low: number, high: number, count: number): number[] {
  return linspace(Math.log(high), Math.log(low), count).map(Math.exp)
}

/** The (fractional) timestep whose training log-sigma is that of `sigma`, by linear interpolation; clamped to the ends. */
export function timestepOfSigma(sigma: number, logSigmas: Float32Array): number {
  const logSigma = Math.log(Math.max(sigma, 1e-10))
  const below = indexBelow(logSigma, logSigmas)
  const low = logSigmas[below]!
  const weight = clampWeight((low - logSigma) / f(low - logSigmas[below + 1]!))
  return (1 - weight) * below + weight * (below + 1)
}

/** The same with float32 at every operation, as the reference does for sigmas that are torch's. */
export function timestepOfSigma32(sigma: number, logSigmas: Float32Array): number {
  const logSigma = log32(f(Math.max(sigma, 1e-10)))
  const below = indexBelow(logSigma, logSigmas)
  const low = logSigmas[below]!
  const weight = clampWeight(f(f(low - logSigma) / f(low - logSigmas[below + 1]!)))
  return f(f(f(1 - weight) * below) + f(weight * (below + 1)))
}

function indexBelow(logSigma: number, logSigmas: Float32Array): number {
  const below = logSigmas.findLastIndex((value) => value <= logSigma)
  return Math.max(0, Math.min(below, logSigmas.length - 2))
}

function clampWeight(weight: number): number {
  return Math.min(Math.max(weight, 0), 1)
}

/** Splits sigma into the signal's and the noise's factor of a variance-preserving sample: [alpha, sigma * alpha]. */
export function alphaSigma(sigma: number): readonly [alpha: number, sigma: number] {
  const alpha = f(1 / f(Math.sqrt(f(f(sigma * sigma) + 1))))
  return [alpha, f(sigma * alpha)]
}
