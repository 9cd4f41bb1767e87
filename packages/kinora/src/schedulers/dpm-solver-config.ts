// Config keys of the DPM-Solver family and the combinations of them that make sense. Defaults are those
// of diffusers' DPMSolverMultistepScheduler.

import { ArgumentError, UnsupportedConfigError } from '../errors.ts'
import { NOISE_FIELDS } from './beta.ts'
import { flag, integer, notBuilt, oneOf, real, type Values } from './config.ts'
import { predictionField } from './prediction.ts'
import { SIGMA_FIELDS } from './sigmas.ts'
import { spacingField } from './spacing.ts'
import { THRESHOLD_FIELDS } from './threshold.ts'

export const DPM_SOLVER_FIELDS = {
  ...NOISE_FIELDS,
  ...THRESHOLD_FIELDS,
  ...SIGMA_FIELDS,
  solver_order: integer(2, 1, 3),
  prediction_type: predictionField,
  algorithm_type: oneOf(['dpmsolver++', 'dpmsolver', 'sde-dpmsolver', 'sde-dpmsolver++'], 'dpmsolver++', { deis: 'dpmsolver++' }),
  solver_type: oneOf(['midpoint', 'heun'], 'midpoint', { logrho: 'midpoint', bh1: 'midpoint', bh2: 'midpoint' }),
  lower_order_final: flag(true),
  euler_at_final: flag(false),
  use_lu_lambdas: flag(false),
  final_sigmas_type: oneOf(['zero', 'sigma_min'], 'zero'),
  lambda_min_clipped: real(-Infinity, -Infinity, Infinity),
  variance_type: notBuilt(null),
  timestep_spacing: spacingField('linspace'),
  steps_offset: integer(0, 0, 100_000),
}

export type DPMSolverConfig = Values<typeof DPM_SOLVER_FIELDS>

/** Throws ArgumentError for options that exclude each other, UnsupportedConfigError for a pair without a formula. */
export function checkSolver(config: DPMSolverConfig): void {
  const { algorithm_type: algorithm, final_sigmas_type: final, solver_order: order } = config
  if (!algorithm.endsWith('++') && final === 'zero')
    throw new ArgumentError(`algorithm_type ${algorithm} cannot reach sigma 0: set final_sigmas_type to sigma_min`)
  if (algorithm === 'sde-dpmsolver' && order === 3)
    throw new UnsupportedConfigError(
      'solver_order 3 with algorithm_type sde-dpmsolver has no formula; take order 1 or 2, or sde-dpmsolver++',
    )
  if (config.use_karras_sigmas && config.use_exponential_sigmas)
    throw new ArgumentError('use_karras_sigmas and use_exponential_sigmas exclude each other: set only one')
}
