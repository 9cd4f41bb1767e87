// The sampler that the command line asks for: --scheduler names it, --scheduler-config changes keys of
// the checkpoint's own scheduler config.

import type { Scheduler } from 'kinora'
import { findScheduler, schedulerFromConfig } from 'kinora'
import { UsageError } from './errors.ts'

/** Throws ArgumentError for an unknown name or a bad value, UsageError for a key that the class does not have. */
export function chooseScheduler(own: Scheduler, name: string | undefined, changes: Record<string, unknown> = {}): Scheduler {
  const named = name === undefined ? undefined : findScheduler(name)
  const config = { ...own.config, ...named?.config, ...changes }
  const scheduler = schedulerFromConfig(config, named?.className ?? config._class_name)
  const known = Object.keys(Object.getPrototypeOf(scheduler.config) as object)
  const unknown = Object.keys(changes).find((key) => !key.startsWith('_') && !known.includes(key))
  if (unknown !== undefined)
    throw new UsageError(`--scheduler-config: ${scheduler.className} has no ${JSON.stringify(unknown)}`, `it has ${known.join(', ')}`)
  return scheduler
}
