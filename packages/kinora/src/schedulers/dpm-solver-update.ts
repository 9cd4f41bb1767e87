// The closed-form update of DPM-Solver and DPM-Solver++: coefficients of one step, and their application in
// multistep form. Which steps there are and what the model's output means is dpm-solver-multistep.ts.
// Lu et al. 2022, arXiv 2206.00927 (noise prediction) and 2211.01095 (data prediction, SDE variants).

import { alphaSigma } from './sigmas.ts'

const f = Math.fround
const exp = (x: number): number => f(Math.exp(x))

export type Algorithm = 'dpmsolver' | 'dpmsolver++' | 'sde-dpmsolver' | 'sde-dpmsolver++'
export type SolverType = 'midpoint' | 'heun'

/** One point of the schedule in half log-SNR, lambda = ln(alpha / sigma). */
export interface Point {
  readonly alpha: number
  readonly sigma: number
  readonly lambda: number
}

/** x_next = sample * x + d0 * D0 + d1 * D1 + d2 * D2 + noise * z, with D the (divided) differences of past outputs. */
export interface Update {
  readonly sample: number
  readonly d0: number
  readonly d1: number
  readonly d2: number
  readonly noise: number
  /** Past step lengths over this one: lambda distances h_0 / h and h_1 / h. */
  readonly r0: number
  readonly r1: number
}

/** Sigma 0 lies at lambda = Infinity. */
export function pointAt(level: number): Point {
  const [alpha, sigma] = alphaSigma(level)
  return { alpha, sigma, lambda: f(f(Math.log(alpha)) - f(Math.log(sigma))) }
}

/** Coefficients of the step from sigmas[index] to sigmas[index + 1] that looks back over `order` outputs, 1 to 3. */
export function updateCoefficients(algorithm: Algorithm, solver: SolverType, order: number, sigmas: Float32Array, index: number): Update {
  const to = pointAt(sigmas[index + 1]!)
  const from = pointAt(sigmas[index]!)
  const h = f(to.lambda - from.lambda)
  // Karras sigmas that end at sigma_min repeat the last one: a step of no length changes nothing.
  if (h === 0) return { sample: 1, d0: 0, d1: 0, d2: 0, noise: 0, r0: 1, r1: 1 }
  const before = pointAt(sigmas[order > 1 ? index - 1 : index]!)
  const beforeThat = pointAt(sigmas[order > 2 ? index - 2 : index]!)
  const r0 = f(f(from.lambda - before.lambda) / h)
  const r1 = f(f(before.lambda - beforeThat.lambda) / h)
  return { ...exponentialIntegrals(algorithm, order === 2 ? solver : 'heun', to, from, h), r0, r1 }
}

/** Coefficients of a step of length h. Third order uses heun's first-difference term, whatever the solver type. */
export function exponentialIntegrals(
  algorithm: Algorithm,
  solver: SolverType,
  to: Point,
  from: Point,
  h: number,
): Omit<Update, 'r0' | 'r1'> {
  const midpoint = solver === 'midpoint'
  switch (algorithm) {
    case 'dpmsolver++': {
      const e = f(exp(-h) - 1)
      const d0 = f(to.alpha * e)
      const d1 = midpoint ? -0.5 * d0 : f(to.alpha * f(f(e / h) + 1))
      const d2 = f(to.alpha * f(f(f(e + h) / f(h * h)) - 0.5))
      return { sample: f(to.sigma / from.sigma), d0: -d0, d1, d2: -d2, noise: 0 }
    }
    case 'dpmsolver': {
      const e = f(exp(h) - 1)
      const d0 = f(to.sigma * e)
      const d1 = midpoint ? 0.5 * d0 : f(to.sigma * f(f(e / h) - 1))
      const d2 = f(to.sigma * f(f(f(e - h) / f(h * h)) - 0.5))
      return { sample: f(to.alpha / from.alpha), d0: -d0, d1: -d1, d2: -d2, noise: 0 }
    }
    case 'sde-dpmsolver++': {
      const e = f(1 - exp(-2 * h))
      const d0 = f(to.alpha * e)
      const d1 = midpoint ? 0.5 * d0 : f(to.alpha * f(f(e / (-2 * h)) + 1))
      const d2 = f(to.alpha * f(f(f(e - 2 * h) / f(4 * h * h)) - 0.5))
      return { sample: f(f(to.sigma / from.sigma) * exp(-h)), d0, d1, d2, noise: f(to.sigma * f(Math.sqrt(e))) }
    }
    case 'sde-dpmsolver': {
      const e = f(exp(h) - 1)
      const d0 = f(to.sigma * e)
      const d1 = midpoint ? d0 : 2 * f(to.sigma * f(f(e / h) - 1))
      const noise = f(to.sigma * f(Math.sqrt(f(exp(2 * h) - 1))))
      return { sample: f(to.alpha / from.alpha), d0: -2 * d0, d1: -d1, d2: 0, noise }
    }
    default:
      return algorithm satisfies never
  }
}

/** Applies an update without its noise. `outputs` holds the model outputs to look back on, the newest last; one to three of them. */
export function applyUpdate(update: Update, sample: Float32Array, outputs: readonly Float32Array[]): Float32Array {
  const [m0, m1, m2] = [outputs.at(-1)!, outputs.at(-2), outputs.at(-3)]
  const out = new Float32Array(sample.length)
  for (let i = 0; i < out.length; i++) out[i] = f(update.sample * sample[i]!) + f(update.d0 * m0[i]!)
  if (m1 && !m2) addFirstDifference(out, update, m0, m1)
  if (m1 && m2) addDifferences(out, update, m0, m1, m2)
  return out
}

function addFirstDifference(out: Float32Array, { d1, r0 }: Update, m0: Float32Array, m1: Float32Array): void {
  const inverse = f(1 / r0)
  for (let i = 0; i < out.length; i++) out[i]! += f(d1 * f(inverse * f(m0[i]! - m1[i]!)))
}

function addDifferences(out: Float32Array, { d1, d2, r0, r1 }: Update, m0: Float32Array, m1: Float32Array, m2: Float32Array): void {
  const inverse0 = f(1 / r0)
  const inverse1 = f(1 / r1)
  const share = f(r0 / f(r0 + r1))
  const inverseSum = f(1 / f(r0 + r1))
  for (let i = 0; i < out.length; i++) {
    const recent = f(inverse0 * f(m0[i]! - m1[i]!))
    const change = f(recent - f(inverse1 * f(m1[i]! - m2[i]!)))
    const first = f(recent + f(share * change))
    out[i] = f(out[i]! + f(d1 * first)) + f(d2 * f(inverseSum * change))
  }
}
