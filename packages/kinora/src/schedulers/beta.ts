// The noise schedule of training: betas and their cumulative products, computed in float32 where torch
// does. Not here: which timesteps a run visits (spacing.ts, sigmas.ts). Cosine schedule: Nichol and
// Dhariwal 2021; zero-terminal-SNR rescaling: Lin et al. 2023, algorithm 1.

import { ArgumentError } from '../errors.ts'
import { flag, integer, oneOf, real, reals, type Values } from './config.ts'

const f = Math.fround

/** Config keys of the noise schedule, with the defaults that most classes share. */
export const NOISE_FIELDS = {
  num_train_timesteps: integer(1000, 1, 100_000),
  beta_start: real(0.0001, 0, 1),
  beta_end: real(0.02, 0, 1),
  beta_schedule: oneOf(['linear', 'scaled_linear', 'squaredcos_cap_v2'], 'linear'),
  trained_betas: reals(0, 1),
  rescale_betas_zero_snr: flag(false),
}

export type NoiseConfig = Values<typeof NOISE_FIELDS>

/** Share of signal variance left after each training timestep, [num_train_timesteps]. Throws ArgumentError for a schedule that is none. */
export function alphasCumprod(config: NoiseConfig): Float32Array {
  let betas = trainingBetas(config)
  if (config.rescale_betas_zero_snr) betas = rescaleZeroTerminalSnr(betas)
  const products = cumprod(betas)
  if (!products.every((alpha) => alpha >= 0 && alpha <= 1))
    throw new ArgumentError(
      'the scheduler config gives no noise schedule: check beta_start, beta_end, trained_betas and num_train_timesteps',
    )
  return products
}

function trainingBetas(config: NoiseConfig): Float32Array {
  const { num_train_timesteps: count, beta_start: start, beta_end: end, trained_betas: trained } = config
  if (trained !== null) {
    if (trained.length === count) return Float32Array.from(trained)
    throw new ArgumentError(`scheduler config trained_betas has ${trained.length} entries, num_train_timesteps asks for ${count}`)
  }
  switch (config.beta_schedule) {
    case 'linear':
      return linspace32(start, end, count)
    case 'scaled_linear':
      return linspace32(Math.sqrt(start), Math.sqrt(end), count).map((root) => root * root)
    case 'squaredcos_cap_v2':
      return Float32Array.from({ length: count }, (_, i) =>
        Math.min(1 - cosineAlphaBar((i + 1) / count) / cosineAlphaBar(i / count), 0.999),
      )
    default:
      return config.beta_schedule satisfies never
  }
}

function cosineAlphaBar(t: number): number {
  return Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2
}

/** torch.linspace in float32: counted from the nearer end, each value rounded once. */
function linspace32(start: number, end: number, count: number): Float32Array {
  const first = f(start)
  const last = f(end)
  const step = f(f(last - first) / (count - 1))
  const half = Math.floor(count / 2)
  if (count === 1) return Float32Array.of(first)
  return Float32Array.from({ length: count }, (_, i) => (i < half ? first + step * i : last - step * (count - 1 - i)))
}

/** prod(1 - beta) up to each timestep; torch accumulates in float64 and stores float32. */
function cumprod(betas: Float32Array): Float32Array {
  let product = 1
  return betas.map((beta) => {
    product *= f(1 - beta)
    return product
  })
}

/** Stretches sqrt(alpha_bar) so that the first value stays and the last becomes 0, and returns the betas for that. */
function rescaleZeroTerminalSnr(betas: Float32Array): Float32Array {
  const roots = cumprod(betas).map(Math.sqrt)
  const first = roots[0]!
  const last = roots.at(-1)!
  const scale = f(first / f(first - last))
  const bars = roots.map((root) => f(f(root - last) * scale) ** 2)
  return bars.map((bar, i) => 1 - (i === 0 ? bar : f(bar / bars[i - 1]!)))
}
