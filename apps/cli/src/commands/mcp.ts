// `kinora mcp`: a tool for assistants that speak the Model Context Protocol; mcp/ does the work. Standard output carries the
// protocol alone.

import type { Command } from 'commander'
import { append } from '../arguments.ts'
import type { GenerateFlags } from '../flags.ts'
import type { Context } from '../program.ts'
import { machineOptions } from './options.ts'

const AFTER_HELP = `
An assistant starts this command itself and talks to it over standard input and output. Its configuration names it, such as:
  {"mcpServers": {"kinora": {"command": "kinora", "args": ["mcp"]}}}

Models that are on this machine can be chosen by the assistant; it downloads none by itself. Those of -m are fetched when they
are first asked for.

Examples:
  kinora mcp --output ~/Videos
  kinora mcp -m ms-1.7b --precision int8`

export interface McpFlags extends Pick<GenerateFlags, 'device' | 'precision' | 'threads' | 'memoryLimit' | 'compiledCache' | 'vaeTiling'> {
  readonly model?: readonly string[]
  readonly output?: string
}

export function mcpCommand(program: Command, context: Context): void {
  const command = program
    .command('mcp')
    .description('let an assistant make videos: a Model Context Protocol server over standard input and output')
    .option('-o, --output <folder>', 'where videos are written (default: Kinora in the folder of videos, or at home)')
    .option('-m, --model <name>', 'model to offer beside the demo model; may be repeated, the first is the default', append)
  machineOptions(command)
    .addHelpText('after', AFTER_HELP)
    .action(async (flags: McpFlags) => {
      const { runMcp } = await import('../mcp/serve.ts')
      await runMcp(flags, context.signal)
    })
}
