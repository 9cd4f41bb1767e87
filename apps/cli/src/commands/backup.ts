// `kinora backup FOLDER`: everything that a service keeps, as files.

import type { Command } from 'commander'
import { placeOptions, SETTINGS_HELP, type ServiceFlags } from './service-options.ts'

export function backupCommand(program: Command): void {
  placeOptions(program.command('backup').description('copy all that a service keeps, accounts and videos, to a folder'))
    .argument('<folder>', 'a new or empty folder')
    .addHelpText('after', SETTINGS_HELP)
    .action(async (folder: string, flags: ServiceFlags) => {
      const { runBackup } = await import('../service.ts')
      await runBackup(folder, flags)
    })
}
