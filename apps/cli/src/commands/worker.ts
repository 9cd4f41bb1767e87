// `kinora worker`: one more generator for a service, on this machine.

import type { Command } from 'commander'
import type { Context } from '../program.ts'
import { generatorOptions, placeOptions, SETTINGS_HELP, type ServiceFlags } from './service-options.ts'

const AFTER_HELP = `${SETTINGS_HELP}

A worker takes the database of its service, and the same storage: S3, or the service's own data folder where both reach it.

Example:
  kinora worker --database-url postgres://kinora@db/kinora --storage s3://videos --model zeroscope=cerspense/zeroscope_v2_576w`

export function workerCommand(program: Command, context: Context): void {
  const command = program
    .command('worker')
    .description('make videos for a service that runs elsewhere')
    .option('--name <text>', "what the service's list of workers calls it (default: host and process)")
  generatorOptions(placeOptions(command))
    .addHelpText('after', AFTER_HELP)
    .action(async (flags: ServiceFlags) => {
      const { runWorker } = await import('../service.ts')
      await runWorker(flags, context.signal)
    })
}
