// Timesteps and sigmas of a DPM-Solver run, for every spacing option of diffusers'
// scheduling_dpmsolver_multistep.py. The sigmas end with the level of the finished sample.

import { ArgumentError } from '../errors.ts'
import type { DPMSolverConfig } from './dpm-solver-config.ts'
import { exponentialSigmas, karrasSigmas, timestepOfSigma, trainingSigmas } from './sigmas.ts'
import { leadingTimesteps, linspace, linspaceTimesteps, roundHalfEven, trailingTimesteps } from './spacing.ts'

const f = Math.fround

export interface Schedule {
  /** Timesteps in descending order, [n]. */
  readonly timesteps: readonly number[]
  /** Their sigmas and the final one, [n + 1]. */
  readonly sigmas: Float32Array
}

/** Throws ArgumentError where an option leaves no timesteps. */
export function dpmSchedule(config: DPMSolverConfig, alphasCumprod: Float32Array, steps: number): Schedule {
  const training = trainingSigmas(alphasCumprod)
  const final = config.final_sigmas_type === 'zero' ? 0 : training[0]!
  const sigmas = chosenSigmas(config, training, steps)
  if (!sigmas) {
    const timesteps = spacedTimesteps(config, alphasCumprod, steps)
    const levels = timesteps.map((timestep) => training[Math.max(0, Math.min(timestep, training.length - 1))]!)
    return { timesteps, sigmas: Float32Array.from([...levels, final]) }
  }
  const logSigmas = training.map(Math.log)
  // The reference rounds these, but not for exponential sigmas nor on the cosine schedule, and then truncates all.
  const rounded = !config.use_exponential_sigmas && config.beta_schedule !== 'squaredcos_cap_v2'
  const timesteps = sigmas.map((sigma) => {
    const timestep = timestepOfSigma(sigma, logSigmas)
    return Math.trunc(rounded ? roundHalfEven(timestep) : timestep)
  })
  return { timesteps, sigmas: Float32Array.from([...sigmas, final]) }
}

function chosenSigmas(config: DPMSolverConfig, training: Float32Array, steps: number): number[] | undefined {
  const low = config.sigma_min ?? training[0]!
  const high = config.sigma_max ?? training.at(-1)!
  if (config.use_karras_sigmas) return karrasSigmas(low, high, steps)
  if (config.use_lu_lambdas) return linspace(f(Math.log(training.at(-1)!)), f(Math.log(training[0]!)), steps).map(Math.exp)
  if (config.use_exponential_sigmas) return exponentialSigmas(low, high, steps)
  return undefined
}

function spacedTimesteps(config: DPMSolverConfig, alphasCumprod: Float32Array, steps: number): number[] {
  const { num_train_timesteps: trained, timestep_spacing: spacing } = config
  const end = trained - clippedTimesteps(alphasCumprod, config.lambda_min_clipped)
  if (end < 1) throw new ArgumentError(`lambda_min_clipped ${config.lambda_min_clipped} leaves no timestep of the noise schedule`)
  switch (spacing) {
    case 'linspace':
      return linspaceTimesteps(end - 1, steps + 1).slice(0, -1)
    case 'leading': {
      const stride = Math.floor(end / (steps + 1))
      if (stride < 1) throw new ArgumentError(`timestep_spacing leading has room for at most ${end - 1} steps, not ${steps}`)
      return leadingTimesteps(stride, steps + 1, config.steps_offset).slice(0, -1)
    }
    case 'trailing': {
      const stride = trained / steps
      return trailingTimesteps(end, stride, end === trained ? steps : Math.ceil(end / stride))
    }
    default:
      return spacing satisfies never
  }
}

/** How many of the noisiest timesteps lie below a half log-SNR; needed for the cosine schedule, whose end has none. */
function clippedTimesteps(alphasCumprod: Float32Array, lambdaMin: number): number {
  const isBelow = (alpha: number): boolean => f(f(Math.log(f(Math.sqrt(alpha)))) - f(Math.log(f(Math.sqrt(f(1 - alpha)))))) < lambdaMin
  return alphasCumprod.filter(isBelow).length
}
