// `kinora restore FOLDER`: what `kinora backup` wrote, into a service that has nothing yet.

import type { Command } from 'commander'
import { placeOptions, SETTINGS_HELP, type ServiceFlags } from './service-options.ts'

export function restoreCommand(program: Command): void {
  placeOptions(program.command('restore').description('bring back what kinora backup copied, to an empty database and storage'))
    .argument('<folder>', 'a folder that kinora backup wrote')
    .addHelpText('after', SETTINGS_HELP)
    .action(async (folder: string, flags: ServiceFlags) => {
      const { runRestore } = await import('../service.ts')
      await runRestore(folder, flags)
    })
}
