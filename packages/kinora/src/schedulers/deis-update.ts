// The closed-form update of DEIS: noise predictions interpolated over log(rho), rho = sigma / alpha, and
// integrated exactly over rho. Zhang and Chen 2022, "Fast Sampling of Diffusion Models with Exponential
// Integrator"; order of operations follows diffusers' scheduling_deis_multistep.py.

import { log32 } from './float32-log.ts'
import { alphaSigma } from './sigmas.ts'

const f = Math.fround

/** x_next = alpha * (x / alphaFrom + sum of weights[k] * noise[k]), the newest noise first. */
export interface DeisUpdate {
  readonly alpha: number
  readonly alphaFrom: number
  readonly weights: readonly number[]
}

/** The step from sigmas[index] to sigmas[index + 1] that looks back over `order` noise predictions, 2 or 3. */
export function deisCoefficients(order: number, sigmas: Float32Array, index: number): DeisUpdate {
  const [alpha] = alphaSigma(sigmas[index + 1]!)
  const [alphaFrom] = alphaSigma(sigmas[index]!)
  const to = rhoAt(sigmas[index + 1]!)
  const rhos = Array.from({ length: order }, (_, k) => rhoAt(sigmas[index - k]!))
  const from = rhos[0]!
  const weights = rhos.map((rho, k) => {
    const others = [...rhos.slice(k + 1), ...rhos.slice(0, k)]
    return f(integral(to, rho, others) - integral(from, rho, others))
  })
  return { alpha, alphaFrom, weights }
}

/** `noises` holds past noise predictions, the newest last. */
export function applyDeis({ alpha, alphaFrom, weights }: DeisUpdate, sample: Float32Array, noises: readonly Float32Array[]): Float32Array {
  const newestFirst = noises.toReversed()
  return sample.map((x, i) => alpha * weights.reduce((sum, weight, k) => f(sum + f(weight * newestFirst[k]![i]!)), f(x / alphaFrom)))
}

function rhoAt(level: number): number {
  const [alpha, sigma] = alphaSigma(level)
  return f(sigma / alpha)
}

/** Antiderivative in t of the Lagrange polynomial over log(t) that is 1 at `own` and 0 at the one or two others. */
function integral(t: number, own: number, others: readonly number[]): number {
  const [b, c, x] = [log32(own), log32(others[0]!), log32(t)]
  if (others.length === 1) return f(f(t * f(f(-c + x) - 1)) / f(b - c))
  const d = log32(others[1]!)
  const sum = f(f(f(f(f(f(c * f(f(d - x) + 1)) - f(d * x)) + d) + f(x * x)) - f(2 * x)) + 2)
  return f(f(t * sum) / f(f(b - c) * f(b - d)))
}
