// One application of UniPC's formula, which predictor (UniP) and corrector (UniC) share: an exponential
// integrator whose weights over past outputs solve a small linear system. Zhao et al. 2023, "UniPC: A Unified
// Predictor-Corrector Framework"; order of operations follows diffusers' scheduling_unipc_multistep.py.

import { pointAt } from './dpm-solver-update.ts'
import { solve } from './linear-system.ts'

const f = Math.fround

export interface UniVariant {
  /** Whether outputs are clean samples, not noise. */
  readonly predictX0: boolean
  /** B(h) = h or exp(h) - 1 */
  readonly solverType: 'bh1' | 'bh2'
}

/** x_next = sample * x - output * m0 - scale * sum of weights[k] * (m[k] - m0) / ratios[k] */
export interface UniUpdate {
  readonly sample: number
  readonly output: number
  readonly scale: number
  readonly ratios: readonly number[]
  readonly weights: readonly number[]
}

/** Karras sigmas that end at sigma_min repeat the last one: a step of no length changes nothing. */
const STILL: UniUpdate = { sample: 1, output: 0, scale: 0, ratios: [], weights: [] }

/** The step from sigmas[index] to sigmas[index + 1] over `order` outputs, of which m0 belongs to sigmas[index]. */
export function predictorCoefficients(variant: UniVariant, order: number, sigmas: Float32Array, index: number): UniUpdate {
  if (sigmas[index] === sigmas[index + 1]) return STILL
  const { ratios, moments, ...terms } = integrals(variant, order, sigmas, index)
  // For order 2 the one weight is taken to be its limit.
  const weights = order === 2 ? [0.5] : solve(powers(ratios), moments.slice(0, -1)).map(f)
  return { ...terms, ratios, weights }
}

/** The same step once more with the output at sigmas[index + 1] known, which is the last of the m[k]. */
export function correctorCoefficients(variant: UniVariant, order: number, sigmas: Float32Array, index: number): UniUpdate {
  if (sigmas[index] === sigmas[index + 1]) return STILL
  const { ratios, moments, ...terms } = integrals(variant, order, sigmas, index)
  const all = [...ratios, 1]
  return { ...terms, ratios: all, weights: order === 1 ? [0.5] : solve(powers(all), moments).map(f) }
}

/** `m0` and `others` are the outputs m, in the order of the ratios. */
export function applyUni(update: UniUpdate, sample: Float32Array, m0: Float32Array, others: readonly Float32Array[]): Float32Array {
  const { output, scale, ratios, weights } = update
  const out = sample.map((x, i) => f(update.sample * x) - f(output * m0[i]!))
  // Towards sigma 0 the scale of bh1 is infinite, but nothing is left to be scaled.
  if (weights.length === 0) return out
  return out.map((x, i) => {
    const sum = weights.reduce((total, weight, k) => f(total + f(weight * f(f(others[k]![i]! - m0[i]!) / ratios[k]!))), 0)
    return x - f(scale * sum)
  })
}

/** The terms of a step, lambda distances of the past outputs over the step's, and the moments that the weights must have. */
function integrals({ predictX0, solverType }: UniVariant, order: number, sigmas: Float32Array, index: number) {
  const [from, to] = [pointAt(sigmas[index]!), pointAt(sigmas[index + 1]!)]
  const h = f(to.lambda - from.lambda)
  const signed = predictX0 ? -h : h
  const growth = f(Math.expm1(signed))
  const scale = solverType === 'bh1' ? signed : growth
  const ratios = Array.from({ length: order - 1 }, (_, k) => f(f(pointAt(sigmas[index - k - 1]!).lambda - from.lambda) / h))
  const outer = predictX0 ? to.alpha : to.sigma
  return {
    sample: f(predictX0 ? to.sigma / from.sigma : to.alpha / from.alpha),
    output: f(outer * growth),
    scale: f(outer * scale),
    ratios,
    moments: momentsOf(order, signed, growth, scale),
  }
}

/** k! * phi_(k+1)(h) * h^k / B(h) for k from 1 to `order`, by the recurrence of the phi functions. */
function momentsOf(order: number, h: number, growth: number, scale: number): number[] {
  const moments: number[] = []
  let factorial = 1
  let phi = f(f(growth / h) - 1)
  for (let k = 1; k <= order; k++) {
    moments.push(f(f(phi * factorial) / scale))
    factorial *= k + 1
    phi = f(f(phi / h) - f(1 / factorial))
  }
  return moments
}

/** Rows of the powers 0, 1, ... of the ratios, as many as there are ratios. */
function powers(ratios: readonly number[]): number[][] {
  return ratios.map((_, power) => ratios.map((ratio) => f(ratio ** power)))
}
