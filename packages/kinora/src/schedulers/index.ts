// The schedulers there are, by diffusers' class name, and the one place that turns a checkpoint's
// scheduler_config.json into one of them. A new scheduler is a file beside this one and a line here.

import { ArgumentError } from '../errors.ts'
import { DDIMScheduler } from './ddim.ts'
import { DPMSolverMultistepScheduler } from './dpm-solver-multistep.ts'
import type { Scheduler, SchedulerClass } from './scheduler.ts'

export { DDIMScheduler, DPMSolverMultistepScheduler }

export const SCHEDULERS: Readonly<Record<string, SchedulerClass>> = { DDIMScheduler, DPMSolverMultistepScheduler }

/**
 * Builds `className`, by default the class that the config names. The config may be another class's: unknown keys are ignored,
 * absent ones take the built class's default. Throws ArgumentError listing the known classes for any other name.
 */
export function schedulerFromConfig(config: Readonly<Record<string, unknown>>, className: unknown = config._class_name): Scheduler {
  if (typeof className !== 'string' || !Object.hasOwn(SCHEDULERS, className))
    throw new ArgumentError(`scheduler ${JSON.stringify(className)} is not known; take one of ${Object.keys(SCHEDULERS).join(', ')}`)
  return SCHEDULERS[className]!.fromConfig(config)
}
