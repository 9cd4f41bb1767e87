// The Model Context Protocol server of `kinora mcp`, with the official SDK: from the first message on standard input to its end.
// https://modelcontextprotocol.io/specification

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { McpFlags } from '../commands/mcp.ts'
import { VERSION } from '../version.ts'
import { outputFolder } from './files.ts'
import { openStudio } from './studio.ts'
import { addTools } from './tools.ts'

const INSTRUCTIONS =
  'Kinora makes short videos from text on this machine. Ask list_models first when quality matters: the default may be the small ' +
  'demo model, which draws coloured shapes. Prompts are English. Models have licences, often for non-commercial use only: pass them on.'

/** Resolves when the client closes the connection; a video that is being made then ends at once and leaves no file. */
export async function runMcp(flags: McpFlags, interrupted: AbortSignal): Promise<void> {
  const closing = new AbortController()
  const signal = AbortSignal.any([closing.signal, interrupted])
  const output = outputFolder(flags.output)
  const studio = openStudio(flags, output)
  const server = new McpServer({ name: 'kinora', title: 'Kinora', version: VERSION }, { instructions: INSTRUCTIONS })
  addTools(server, { studio, output, flags, signal })
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) process.stdin.once(event, resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  try {
    await server.connect(new StdioServerTransport())
    await ended
  } finally {
    closing.abort(new Error('the client has closed the connection'))
    await server.close()
    await studio.dispose()
  }
}
