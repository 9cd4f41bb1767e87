// Sigmas spaced by the quantiles of the symmetric beta distribution with a = b = 0.6, dense at both ends:
// "Beta Sampling is All You Need", Lee et al. 2024, arXiv 2407.12173. The quantile function is scipy's
// beta.ppf to float64 accuracy, by Newton's method on the series of the incomplete beta function.

import { linspace } from './spacing.ts'

const A = 0.6
const HALF = incompleteBeta(0.5)

/** `count` sigmas from high to low at evenly spaced quantiles, both ends included. */
export function betaSigmas(low: number, high: number, count: number): number[] {
  return linspace(0, 1, count).map((part) => low + betaQuantile(1 - part) * (high - low))
}

/** The x in [0, 1] below which a share `p` of the distribution lies. */
export function betaQuantile(p: number): number {
  if (p > 0.5) return 1 - betaQuantile(1 - p)
  // The quantile of so small a share, 1e-166, would underflow below.
  if (p < 1e-100) return 0
  // By symmetry half of the whole integral lies below 1/2. In u = x^A the integral is nearly a straight line.
  const target = 2 * p * HALF
  let u = A * target
  for (let i = 0; i < 8; i++) {
    const x = u ** (1 / A)
    const slope = (1 - x) ** (A - 1) / A
    u -= (incompleteBeta(x) - target) / slope
  }
  return u ** (1 / A)
}

/** Integral of t^(A-1) (1-t)^(A-1) from 0 to x, for x up to 1/2, from the binomial series of its second factor. */
function incompleteBeta(x: number): number {
  let term = 1
  let sum = 1 / A
  for (let k = 1; k < 200 && term > sum * 2 ** -56; k++) {
    term *= ((k - A) / k) * x
    sum += term / (A + k)
  }
  return sum * x ** A
}
