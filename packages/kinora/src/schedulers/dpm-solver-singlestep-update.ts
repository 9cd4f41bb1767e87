// One step of singlestep DPM-Solver and DPM-Solver++: from the first sample of a cycle, over all that the cycle
// has evaluated, to the next timestep. Lu et al. 2022, arXiv 2206.00927 and 2211.01095;
// the integrals are those of the multistep form. Float32 at every operation.

import {
  type Algorithm,
  applyUpdate,
  exponentialIntegrals,
  pointAt,
  type SolverType,
  type Update,
  updateCoefficients,
} from './dpm-solver-update.ts'

const f = Math.fround

/**
 * Coefficients of the step to sigmas[index + 1] whose cycle began at sigmas[index - order + 1]. Here r0 and r1 are the lambda
 * distances of the newest and the second evaluation from that beginning, over the whole step's.
 */
export function singlestepCoefficients(
  algorithm: Algorithm,
  solver: SolverType,
  order: number,
  sigmas: Float32Array,
  index: number,
): Update {
  if (order === 1) return updateCoefficients(algorithm, solver, 1, sigmas, index)
  const to = pointAt(sigmas[index + 1]!)
  const from = pointAt(sigmas[index - order + 1]!)
  const h = f(to.lambda - from.lambda)
  const ratio = (i: number): number => f(f(pointAt(sigmas[i]!).lambda - from.lambda) / h)
  return { ...exponentialIntegrals(algorithm, order === 2 ? solver : 'heun', to, from, h), r0: ratio(index), r1: ratio(index - 1) }
}

/** Applies an update without its noise to the cycle's first sample. `outputs` are the cycle's, the newest last; one to three of them. */
export function applySinglestep(update: Update, solver: SolverType, start: Float32Array, outputs: readonly Float32Array[]): Float32Array {
  const first = outputs[0]!
  const out = applyUpdate(update, start, [first])
  const newest = difference(outputs.at(-1)!, first, update.r0)
  if (outputs.length === 2 || (outputs.length === 3 && solver === 'midpoint')) return out.map((x, i) => x + f(update.d1 * newest[i]!))
  return outputs.length === 3 ? addDifferences(out, update, difference(outputs[1]!, first, update.r1), newest) : out
}

function difference(output: Float32Array, first: Float32Array, ratio: number): Float32Array {
  const inverse = f(1 / ratio)
  return output.map((value, i) => inverse * f(value - first[i]!))
}

/** First and second derivative, from the differences to the second and to the newest output. */
function addDifferences(out: Float32Array, { d1, d2, r0, r1 }: Update, second: Float32Array, newest: Float32Array): Float32Array {
  const gap = f(r0 - r1)
  return out.map((x, i) => {
    const slope = f(f(f(r0 * second[i]!) - f(r1 * newest[i]!)) / gap)
    const curvature = f(f(2 * f(newest[i]! - second[i]!)) / gap)
    return f(x + f(d1 * slope)) + f(d2 * curvature)
  })
}
