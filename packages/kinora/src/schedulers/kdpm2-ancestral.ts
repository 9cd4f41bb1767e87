// DPM-Solver-2 with ancestral noise, k-diffusion's dpm_2_ancestral: each step goes further down than the next
// sigma, through the midpoint on the way, and comes back up with fresh noise. Papers as in kdpm2.ts; options
// follow diffusers' scheduling_k_dpm_2_ancestral_discrete.py, the step itself is kdpm2-scheduler.ts.

import { ArgumentError } from '../errors.ts'
import { type Aim, geometricMean, KDPM2Scheduler } from './kdpm2-scheduler.ts'
import { ancestralSplit } from './sigma-step.ts'

export class KDPM2AncestralDiscreteScheduler extends KDPM2Scheduler {
  readonly className = 'KDPM2AncestralDiscreteScheduler'

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    super('KDPM2AncestralDiscreteScheduler', config)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): KDPM2AncestralDiscreteScheduler {
    return new KDPM2AncestralDiscreteScheduler(config)
  }

  protected aim(from: number, to: number): Aim {
    const { down, up } = ancestralSplit(from, to)
    if (to > 0 && down === 0)
      throw new ArgumentError(`a step from sigma ${from} to ${to} is too long for this scheduler's arithmetic: take more steps`)
    return { middle: geometricMean(from, down), down, up }
  }
}
