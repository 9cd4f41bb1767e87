// The schedulers there are, by diffusers' class name, and the one place that turns a checkpoint's
// scheduler_config.json into one of them. A new scheduler is a file beside this one and a line here.

import { ArgumentError } from '../errors.ts'
import { DDIMScheduler } from './ddim.ts'
import { DDPMScheduler } from './ddpm.ts'
import { DEISMultistepScheduler } from './deis.ts'
import { DPMSolverMultistepScheduler } from './dpm-solver-multistep.ts'
import { DPMSolverSinglestepScheduler } from './dpm-solver-singlestep.ts'
import { EulerDiscreteScheduler } from './euler.ts'
import { EulerAncestralDiscreteScheduler } from './euler-ancestral.ts'
import { HeunDiscreteScheduler } from './heun.ts'
import { KDPM2DiscreteScheduler } from './kdpm2.ts'
import { KDPM2AncestralDiscreteScheduler } from './kdpm2-ancestral.ts'
import { LCMScheduler } from './lcm.ts'
import { LMSDiscreteScheduler } from './lms.ts'
import { PNDMScheduler } from './pndm.ts'
import type { Scheduler, SchedulerClass } from './scheduler.ts'
import { UniPCMultistepScheduler } from './unipc.ts'

export {
  DDIMScheduler,
  DDPMScheduler,
  DEISMultistepScheduler,
  DPMSolverMultistepScheduler,
  DPMSolverSinglestepScheduler,
  EulerAncestralDiscreteScheduler,
  EulerDiscreteScheduler,
  HeunDiscreteScheduler,
  KDPM2AncestralDiscreteScheduler,
  KDPM2DiscreteScheduler,
  LCMScheduler,
  LMSDiscreteScheduler,
  PNDMScheduler,
  UniPCMultistepScheduler,
}

export const SCHEDULERS: Readonly<Record<string, SchedulerClass>> = {
  DDIMScheduler,
  DDPMScheduler,
  PNDMScheduler,
  DPMSolverMultistepScheduler,
  DPMSolverSinglestepScheduler,
  DEISMultistepScheduler,
  UniPCMultistepScheduler,
  EulerDiscreteScheduler,
  EulerAncestralDiscreteScheduler,
  HeunDiscreteScheduler,
  KDPM2DiscreteScheduler,
  KDPM2AncestralDiscreteScheduler,
  LMSDiscreteScheduler,
  LCMScheduler,
}

/**
 * Builds `className`, by default the class that the config names. The config may be another class's: unknown keys are ignored,
 * absent ones take the built class's default. Throws ArgumentError listing the known classes for any other name.
 */
export function schedulerFromConfig(config: Readonly<Record<string, unknown>>, className: unknown = config._class_name): Scheduler {
  if (typeof className !== 'string' || !Object.hasOwn(SCHEDULERS, className))
    throw new ArgumentError(`scheduler ${JSON.stringify(className)} is not known; take one of ${Object.keys(SCHEDULERS).join(', ')}`)
  return SCHEDULERS[className]!.fromConfig(config)
}
