// `kinora serve`: the service in this process, until it is told to end.

import type { Command } from 'commander'
import type { Context } from '../program.ts'
import { generatorOptions, placeOptions, SETTINGS_HELP, type ServiceFlags } from './service-options.ts'

const AFTER_HELP = `${SETTINGS_HELP}

The first start prints a link at which the administrator is made; or set KINORA_ADMIN_USER and KINORA_ADMIN_PASSWORD.
SIGTERM or Ctrl-C lets the video that is being made end; a second one ends at once.

Examples:
  kinora serve
  kinora serve --model zeroscope=cerspense/zeroscope_v2_576w --device cuda
  kinora serve --workers 0 --database-url postgres://kinora@db/kinora --storage s3://videos --host 0.0.0.0`

export function serveCommand(program: Command, context: Context): void {
  const command = program
    .command('serve')
    .description('run the service: HTTP API, queue, accounts and a generator')
    .option('--host <address>', 'address to listen at; 0.0.0.0 for all (default: 127.0.0.1)')
    .option('--port <n>', 'port to listen at; 0 takes a free one (default: 7860)')
    .option('--public-url <url>', 'where browsers find the service, when a proxy stands before it')
    .option('--trust-proxy <n>', 'proxies in front, whose X-Forwarded-For is believed (default: 0)')
    .option('--auth <name>', 'accounts, or none: nobody logs in, on a loopback address only (default: accounts)')
    .option('--workers <n>', 'generators in this process; 0 leaves the work to "kinora worker" (default: 1)')
  generatorOptions(placeOptions(command))
    .addHelpText('after', AFTER_HELP)
    .action(async (flags: ServiceFlags) => {
      const { runServe } = await import('../service.ts')
      await runServe(flags, context.signal)
    })
}
