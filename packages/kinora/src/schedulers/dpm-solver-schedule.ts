// What the schedules of the two DPM-Solvers add to solver-schedule.ts: uniform log-SNR, and leaving out the
// noisiest timesteps. Follows diffusers' scheduling_dpmsolver_multistep.py and _singlestep.py.

import { ArgumentError } from '../errors.ts'
import type { DPMMultistepConfig, DPMSinglestepConfig } from './dpm-solver-config.ts'
import { log32 } from './float32-log.ts'
import { chosenSigmas, type Schedule, scheduleOfSigmas, scheduleOfTimesteps, solverTimesteps } from './solver-schedule.ts'
import { linspace } from './spacing.ts'

const f = Math.fround

/** Throws ArgumentError where an option leaves no timesteps. `training` holds the sigma of every training timestep. */
export function multistepSchedule(
  config: DPMMultistepConfig,
  alphasCumprod: Float32Array,
  training: Float32Array,
  steps: number,
): Schedule {
  const final = config.final_sigmas_type === 'zero' ? 0 : training[0]!
  const uniform = config.use_lu_lambdas && !config.use_karras_sigmas
  const sigmas = uniform ? uniformLambdas(training, steps) : chosenSigmas(config, training, steps)
  if (!sigmas) return scheduleOfTimesteps(solverTimesteps(config, unclipped(config, alphasCumprod), steps), final, training)
  // The reference does not round these for exponential and beta sigmas, nor on the cosine schedule.
  const rounded = (uniform || config.use_karras_sigmas) && config.beta_schedule !== 'squaredcos_cap_v2'
  return scheduleOfSigmas(sigmas, final, training, rounded)
}

/** The singlestep solver's: its timesteps are evenly spaced always, and those of Karras sigmas rounded always. */
export function singlestepSchedule(
  config: DPMSinglestepConfig,
  alphasCumprod: Float32Array,
  training: Float32Array,
  steps: number,
): Schedule {
  const final = config.final_sigmas_type === 'zero' ? 0 : training[0]!
  const sigmas = chosenSigmas(config, training, steps)
  if (sigmas) return scheduleOfSigmas(sigmas, final, training, config.use_karras_sigmas)
  const spacing = { num_train_timesteps: config.num_train_timesteps, timestep_spacing: 'linspace', steps_offset: 0 } as const
  return scheduleOfTimesteps(solverTimesteps(spacing, unclipped(config, alphasCumprod), steps), final, training)
}

function uniformLambdas(training: Float32Array, count: number): number[] {
  return linspace(log32(training.at(-1)!), log32(training[0]!), count).map(Math.exp)
}

/** How many timesteps are not below the half log-SNR lambda_min_clipped; the cosine schedule needs it, whose end has no signal. */
function unclipped(config: { readonly lambda_min_clipped: number }, alphasCumprod: Float32Array): number {
  const lowest = config.lambda_min_clipped
  const isBelow = (alpha: number): boolean => f(f(Math.log(f(Math.sqrt(alpha)))) - f(Math.log(f(Math.sqrt(f(1 - alpha)))))) < lowest
  const left = alphasCumprod.filter((alpha) => !isBelow(alpha)).length
  if (left === 0) throw new ArgumentError(`lambda_min_clipped ${lowest} leaves no timestep of the noise schedule`)
  return left
}
