// The noise schedule of training: betas and their cumulative products, computed in float32 where torch
// does. Not here: which timesteps a run visits (spacing.ts, sigmas.ts). Cosine schedule: Nichol and
// Dhariwal 2021; sigmoid: Xu et al. 2022 (GeoDiff); zero-terminal-SNR rescaling: Lin et al. 2023, algorithm 1.

import { ArgumentError } from '../errors.ts'
import { flag, integer, oneOf, real, reals, type Values } from './config.ts'

const f = Math.fround

/** The words of `beta_schedule` that every class knows. */
export const BETA_SCHEDULES = ['linear', 'scaled_linear', 'squaredcos_cap_v2'] as const

/** The words of it over all classes. */
type BetaSchedule = (typeof BETA_SCHEDULES)[number] | 'sigmoid' | 'laplace' | 'exp'

/** Config keys of the betas, with the defaults that most classes share. */
export const BETA_FIELDS = {
  num_train_timesteps: integer(1000, 1, 100_000),
  beta_start: real(0.0001, 0, 1),
  beta_end: real(0.02, 0, 1),
  beta_schedule: oneOf(BETA_SCHEDULES, 'linear'),
  trained_betas: reals(0, 1),
}

/** Config keys of the classes that can also rescale the betas. */
export const NOISE_FIELDS = { ...BETA_FIELDS, rescale_betas_zero_snr: flag(false) }

export type BetaConfig = Omit<Values<typeof BETA_FIELDS>, 'beta_schedule'> & { readonly beta_schedule: BetaSchedule }
export type NoiseConfig = BetaConfig & Pick<Values<typeof NOISE_FIELDS>, 'rescale_betas_zero_snr'>

/** Share of signal variance left after each training timestep, [num_train_timesteps]. Throws ArgumentError for a schedule that is none. */
export function alphasCumprod(config: NoiseConfig): Float32Array {
  return config.rescale_betas_zero_snr ? checkedCumprod(rescaleZeroTerminalSnr(trainingBetas(config))) : plainAlphasCumprod(config)
}

/** alphasCumprod for classes without rescale_betas_zero_snr: they ignore that key in another class's config. */
export function plainAlphasCumprod(config: BetaConfig): Float32Array {
  return checkedCumprod(trainingBetas(config))
}

/** alphasCumprod for schedules that divide by its last entry: instead of no signal at all, the smallest half float is left. */
export function positiveAlphasCumprod(config: NoiseConfig): Float32Array {
  const alphas = alphasCumprod(config)
  if (config.rescale_betas_zero_snr) alphas[alphas.length - 1] = 2 ** -24
  return alphas
}

/** The entry of alphasCumprod for `timestep`. Throws ArgumentError for one that the model was not trained on. */
export function alphaAt(alphas: Float32Array, timestep: number): number {
  const alpha = alphas[timestep]
  if (alpha === undefined) throw new ArgumentError(`timestep ${timestep} must be a whole number from 0 to ${alphas.length - 1}`)
  return alpha
}

function checkedCumprod(betas: Float32Array): Float32Array {
  const products = cumprod(betas)
  if (!products.every((alpha) => alpha >= 0 && alpha <= 1))
    throw new ArgumentError(
      'the scheduler config gives no noise schedule: check beta_start, beta_end, trained_betas and num_train_timesteps',
    )
  return products
}

function trainingBetas(config: BetaConfig): Float32Array {
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
    case 'sigmoid':
      return linspace32(-6, 6, count).map((x) => f(f(1 / f(1 + f(Math.exp(-x)))) * f(end - start)) + f(start))
    case 'squaredcos_cap_v2':
      return betasOf((t) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2, count)
    case 'laplace':
      return betasOf(laplaceAlphaBar, count)
    case 'exp':
      return betasOf((t) => Math.exp(-12 * t), count)
    default:
      return config.beta_schedule satisfies never
  }
}

/** Betas whose cumulative products follow `alphaBar` of t in [0, 1]. */
function betasOf(alphaBar: (t: number) => number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.min(1 - alphaBar((i + 1) / count) / alphaBar(i / count), 0.999))
}

function laplaceAlphaBar(t: number): number {
  const logSnr = -0.5 * Math.sign(0.5 - t || 1) * Math.log(1 - 2 * Math.abs(0.5 - t) + 1e-6)
  const snr = Math.exp(logSnr)
  return Math.sqrt(snr / (1 + snr))
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
