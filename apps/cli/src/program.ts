// The command line as a whole: the commands, and what holds for all of them. Exit codes: 0 done,
// 1 failed, 2 bad usage, 130 interrupted (143 by SIGTERM). What a command does is in commands/.

import { Command } from 'commander'
import { adminCommand } from './commands/admin.ts'
import { backupCommand } from './commands/backup.ts'
import { doctorCommand } from './commands/doctor.ts'
import { examplesCommand } from './commands/examples.ts'
import { generateCommand } from './commands/generate.ts'
import { mcpCommand } from './commands/mcp.ts'
import { metadataCommand } from './commands/metadata.ts'
import { modelsCommand } from './commands/models.ts'
import { restoreCommand } from './commands/restore.ts'
import { serveCommand } from './commands/serve.ts'
import { upscaleCommand } from './commands/upscale.ts'
import { workerCommand } from './commands/worker.ts'
import { explain } from './errors.ts'
import { listenForInterrupts } from './interrupt.ts'
import { VERSION } from './version.ts'

const DESCRIPTION = 'Generate video from text on your own machine.'
const AFTER_HELP = `
Start with:
  kinora generate "a big yellow triangle falling on a navy background" -o triangle.mp4
  kinora examples`

const COMMANDS: readonly ((program: Command, context: Context) => void)[] = [
  generateCommand,
  upscaleCommand,
  modelsCommand,
  examplesCommand,
  metadataCommand,
  doctorCommand,
  serveCommand,
  workerCommand,
  mcpCommand,
  adminCommand,
  backupCommand,
  restoreCommand,
]

/** What every command gets: how to notice an interrupt, and how to end with a code other than 0 without an error. */
export interface Context {
  readonly signal: AbortSignal
  exitCode: number
}

/** Runs the program with the arguments after its name. Resolves to the exit code; never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  ignoreBrokenPipes()
  const interrupts = listenForInterrupts()
  const context: Context = { signal: interrupts.signal, exitCode: 0 }
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' })
    return context.exitCode
  } catch (error) {
    return await explain(error, { json: args.includes('--json'), signal: interrupts.signal })
  } finally {
    interrupts.stop()
  }
}

/** The commands with their options; nothing runs before it is given arguments. */
export function buildProgram(context: Context): Command {
  const program = new Command('kinora')
    .description(DESCRIPTION)
    .version(VERSION)
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    .configureOutput({ outputError: () => {} }) // explain() says it
    .helpCommand('help [command]', 'show the options of a command')
  for (const add of COMMANDS) add(program, context)
  return program
}

/** `kinora ... | head` closes our output early: the work goes on, its words are lost. */
function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}
