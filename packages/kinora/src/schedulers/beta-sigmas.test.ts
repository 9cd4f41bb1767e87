import fc from 'fast-check'
import { expect, it } from 'vitest'
import { betaQuantile, betaSigmas } from './beta-sigmas.ts'

it.each([
  [0, 0],
  [1e-12, 1.8558824624914097e-20],
  [0.01, 0.0008612388215429059],
  [0.25, 0.17568037865269498],
  [0.5, 0.5],
  [0.7, 0.7659829961247643],
  [0.999, 0.9999814412614826],
  [1, 1],
])('the quantile at %d is that of scipy.stats.beta.ppf(p, 0.6, 0.6)', (p, expected) => {
  expect(Math.abs(betaQuantile(p) - expected)).toBeLessThanOrEqual(4e-15 * expected)
})

it('quantiles are symmetric and rise with p', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (p, q) => {
      expect(betaQuantile(p) + betaQuantile(1 - p)).toBeCloseTo(1, 12)
      if (p < q) expect(betaQuantile(p)).toBeLessThanOrEqual(betaQuantile(q))
    }),
  )
})

it('sigmas fall from one end to the other, and one sigma is the upper end', () => {
  const sigmas = betaSigmas(0.03, 14, 5)
  expect([sigmas[0], sigmas[2], sigmas[4]]).toEqual([14, expect.closeTo(7.015, 12), 0.03])
  expect(betaSigmas(0.03, 14, 1)).toEqual([14])
})
