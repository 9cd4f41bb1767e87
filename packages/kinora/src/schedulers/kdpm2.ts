// DPM-Solver-2 in Karras' notation, k-diffusion's dpm_2: half a step to the geometric mean of two sigmas, then
// the whole step along the slope found there. Lu et al. 2022 (arXiv 2206.00927), Karras et al. 2022. Options
// follow diffusers' scheduling_k_dpm_2_discrete.py; the step itself is kdpm2-scheduler.ts.

import { type Aim, geometricMean, KDPM2Scheduler } from './kdpm2-scheduler.ts'

export class KDPM2DiscreteScheduler extends KDPM2Scheduler {
  readonly className = 'KDPM2DiscreteScheduler'

  /** See SchedulerClass.fromConfig; throws ArgumentError naming a bad key. */
  constructor(config: Readonly<Record<string, unknown>> = {}) {
    super('KDPM2DiscreteScheduler', config)
  }

  static fromConfig(config: Readonly<Record<string, unknown>>): KDPM2DiscreteScheduler {
    return new KDPM2DiscreteScheduler(config)
  }

  protected aim(from: number, to: number): Aim {
    return { middle: geometricMean(to, from), down: to }
  }
}
