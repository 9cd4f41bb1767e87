// Config keys of the two DPM-Solvers and the combinations of them that make sense. Defaults are those of
// diffusers' DPMSolverMultistepScheduler and DPMSolverSinglestepScheduler.

import { ArgumentError, UnsupportedConfigError } from '../errors.ts'
import { BETA_FIELDS, NOISE_FIELDS } from './beta.ts'
import { flag, integer, oneOf, real, type Values } from './config.ts'
import { SOLVER_FIELDS } from './solver-scheduler.ts'
import { spacingField } from './spacing.ts'
import { varianceField } from './variance.ts'

const DPM_FIELDS = {
  ...SOLVER_FIELDS,
  solver_type: oneOf(['midpoint', 'heun'], 'midpoint', { logrho: 'midpoint', bh1: 'midpoint', bh2: 'midpoint' }),
  final_sigmas_type: oneOf(['zero', 'sigma_min'], 'zero'),
  lambda_min_clipped: real(-Infinity, -Infinity, Infinity),
  variance_type: varianceField(null),
}

export const DPM_MULTISTEP_FIELDS = {
  ...NOISE_FIELDS,
  ...DPM_FIELDS,
  algorithm_type: oneOf(['dpmsolver++', 'dpmsolver', 'sde-dpmsolver', 'sde-dpmsolver++'], 'dpmsolver++', { deis: 'dpmsolver++' }),
  lower_order_final: flag(true),
  euler_at_final: flag(false),
  use_lu_lambdas: flag(false),
  timestep_spacing: spacingField('linspace'),
  steps_offset: integer(0, 0, 100_000),
}

export const DPM_SINGLESTEP_FIELDS = {
  ...BETA_FIELDS,
  ...DPM_FIELDS,
  algorithm_type: oneOf(['dpmsolver++', 'dpmsolver', 'sde-dpmsolver++'], 'dpmsolver++', { deis: 'dpmsolver++' }),
  lower_order_final: flag(false),
}

export type DPMMultistepConfig = Values<typeof DPM_MULTISTEP_FIELDS>
export type DPMSinglestepConfig = Values<typeof DPM_SINGLESTEP_FIELDS>

/** Throws ArgumentError for options that exclude each other, UnsupportedConfigError for a pair without a formula. */
export function checkSolver(config: DPMMultistepConfig | DPMSinglestepConfig): void {
  const { algorithm_type: algorithm, final_sigmas_type: final, solver_order: order } = config
  if (!algorithm.endsWith('++') && final === 'zero')
    throw new ArgumentError(`algorithm_type ${algorithm} cannot reach sigma 0: set final_sigmas_type to sigma_min`)
  if (algorithm === 'sde-dpmsolver' && order === 3)
    throw new UnsupportedConfigError(
      'solver_order 3 with algorithm_type sde-dpmsolver has no formula; take order 1 or 2, or sde-dpmsolver++',
    )
}
