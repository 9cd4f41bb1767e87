// Timesteps and sigmas of a run for the solvers in log-SNR (the DPM-Solvers, DEIS, UniPC): whole timesteps
// without the last one, 0, or respaced sigmas with the timesteps nearest to them. Follows set_timesteps of
// diffusers' scheduling_dpmsolver_multistep.py; the samplers that work on sigma itself use sigma-schedule.ts.

import { ArgumentError } from '../errors.ts'
import { flag } from './config.ts'
import { log32 } from './float32-log.ts'
import { type RespacingConfig, respacedSigmas } from './sigma-schedule.ts'
import { SIGMA_FIELDS, timestepOfSigma } from './sigmas.ts'
import { checkFirst, leadingTimesteps, linspaceTimesteps, roundHalfEven, type SpacingConfig, trailingTimesteps } from './spacing.ts'

export interface Schedule {
  /** Timesteps in descending order, [n]. */
  readonly timesteps: readonly number[]
  /** Their sigmas and the final one, [n + 1]. */
  readonly sigmas: Float32Array
}

/** Config keys of sigma spacing. */
export const RESPACED_FIELDS = { ...SIGMA_FIELDS, use_beta_sigmas: flag(false) }

/** The run of `steps` steps in DEIS and UniPC. `training` holds the sigma of every training timestep. */
export function solverSchedule(
  config: RespacingConfig & SpacingConfig,
  training: Float32Array,
  steps: number,
  final: 'zero' | 'sigma_min',
): Schedule {
  const sigmas = chosenSigmas(config, training, steps)
  if (sigmas) return scheduleOfSigmas(sigmas, final === 'zero' ? 0 : sigmas.at(-1)!, training, config.use_karras_sigmas)
  const timesteps = solverTimesteps(config, config.num_train_timesteps, steps)
  return scheduleOfTimesteps(timesteps, final === 'zero' ? 0 : training[0]!, training)
}

/** `timesteps` with their sigmas, ending at the sigma `final`. */
export function scheduleOfTimesteps(timesteps: readonly number[], final: number, training: Float32Array): Schedule {
  return { timesteps, sigmas: Float32Array.from([...timesteps.map((timestep) => training[timestep]!), final]) }
}

/** `sigmas` with the timesteps that they stand for, rounded or else cut to whole numbers, ending at the sigma `final`. */
export function scheduleOfSigmas(sigmas: readonly number[], final: number, training: Float32Array, rounded: boolean): Schedule {
  const logSigmas = training.map(log32)
  const timesteps = sigmas.map((sigma) => {
    const timestep = timestepOfSigma(sigma, logSigmas)
    return Math.trunc(rounded ? roundHalfEven(timestep) : timestep)
  })
  return { timesteps, sigmas: Float32Array.from([...sigmas, final]) }
}

/** `count` sigmas between the ends of training or the config's own, or undefined when it leaves them to the timesteps. */
export function chosenSigmas(config: RespacingConfig, training: Float32Array, count: number): number[] | undefined {
  return respacedSigmas(config, config.sigma_min ?? training[0]!, config.sigma_max ?? training.at(-1)!, count)
}

/** `steps` timesteps below `end`. Throws ArgumentError where there is no room for so many, or an offset leads beyond training. */
export function solverTimesteps(config: SpacingConfig, end: number, steps: number): number[] {
  const { num_train_timesteps: trained, timestep_spacing: spacing, steps_offset: offset } = config
  switch (spacing) {
    case 'linspace':
      return linspaceTimesteps(end - 1, steps + 1).slice(0, -1)
    case 'leading': {
      const stride = Math.floor(end / (steps + 1))
      if (stride < 1) throw new ArgumentError(`timestep_spacing leading has room for at most ${end - 1} steps, not ${steps}`)
      return checkFirst(leadingTimesteps(stride, steps + 1, offset).slice(0, -1), trained, offset)
    }
    case 'trailing': {
      const stride = trained / steps
      if (end === trained) return trailingTimesteps(end, stride, steps)
      // Strides from an `end` that they do not divide can round to -1.
      return trailingTimesteps(end, stride, Math.ceil(end / stride)).filter((timestep) => timestep >= 0)
    }
    default:
      return spacing satisfies never
  }
}
