// The sampler that the command line asks for: --scheduler names a class, --scheduler-config changes
// keys of the checkpoint's own scheduler config.

import type { Scheduler } from 'kinora'
import { schedulerFromConfig } from 'kinora'
import { UsageError } from './errors.ts'

/** Throws ArgumentError for an unknown class or a bad value, UsageError for a key that the class does not have. */
export function chooseScheduler(own: Scheduler, className: string | undefined, changes: Record<string, unknown> = {}): Scheduler {
  const config = { ...own.config, ...changes }
  const scheduler = schedulerFromConfig(config, className ?? config._class_name)
  const known = Object.keys(Object.getPrototypeOf(scheduler.config) as object)
  const unknown = Object.keys(changes).find((key) => !key.startsWith('_') && !known.includes(key))
  if (unknown !== undefined)
    throw new UsageError(`--scheduler-config: ${scheduler.className} has no ${JSON.stringify(unknown)}`, `it has ${known.join(', ')}`)
  return scheduler
}
