// Noise levels as sigma = noise / signal, the ways to space them, and the timesteps they stand for.
// Float64 where the reference uses numpy, float32 where it uses torch. Karras et al. 2022 (equation 5),
// Lu et al. 2022 (uniform log-SNR).

import { flag, notBuilt, real } from './config.ts'
import { linspace } from './spacing.ts'

const f = Math.fround

/** Config keys of sigma spacing; sigma_min and sigma_max are null for the ends of the training schedule. */
export const SIGMA_FIELDS = {
  use_karras_sigmas: flag(false),
  use_exponential_sigmas: flag(false),
  use_beta_sigmas: notBuilt(false),
  use_flow_sigmas: notBuilt(false),
  use_dynamic_shifting: notBuilt(false),
  sigma_min: real(null, 1e-6, 1e6),
  sigma_max: real(null, 1e-6, 1e6),
}

/** Sigma of every training timestep, rising, [num_train_timesteps]. */
export function trainingSigmas(alphasCumprod: Float32Array): Float32Array {
  return alphasCumprod.map((alpha) => Math.sqrt(f(f(1 - alpha) / alpha)))
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
  let below = logSigmas.findLastIndex((value) => value <= logSigma)
  below = Math.max(0, Math.min(below, logSigmas.length - 2))
  const low = logSigmas[below]!
  const weight = Math.min(Math.max((low - logSigma) / f(low - logSigmas[below + 1]!), 0), 1)
  return (1 - weight) * below + weight * (below + 1)
}

/** Splits sigma into the signal's and the noise's factor of a variance-preserving sample: [alpha, sigma * alpha]. */
export function alphaSigma(sigma: number): readonly [alpha: number, sigma: number] {
  const alpha = f(1 / f(Math.sqrt(f(f(sigma * sigma) + 1))))
  return [alpha, f(sigma * alpha)]
}
