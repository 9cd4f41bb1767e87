// `kinora admin NAME`: who can log in at all, decided by whoever has the machine.

import type { Command } from 'commander'
import type { Context } from '../program.ts'
import { placeOptions, SETTINGS_HELP, type ServiceFlags } from './service-options.ts'

const AFTER_HELP = `${SETTINGS_HELP}

The password has 8 to 256 characters. At a terminal it is asked for twice, without being shown; else standard input is it.
A user of that name becomes an administrator, gets the new password, and has to log in again everywhere.
With the embedded database stop the service first; with PostgreSQL it may run.

Examples:
  kinora admin ann
  kinora admin ann --database-url postgres://kinora@db/kinora < password.txt`

export function adminCommand(program: Command, context: Context): void {
  placeOptions(program.command('admin').description('make an administrator of the service, or give a user a new password'))
    .argument('<name>', 'what the administrator logs in with')
    .addHelpText('after', AFTER_HELP)
    .action(async (name: string, flags: ServiceFlags) => {
      const { runAdmin } = await import('../service.ts')
      await runAdmin(name, flags, context.signal)
    })
}
