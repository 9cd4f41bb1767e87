// `kinora metadata FILE`: the request that a video carries in its own tags.

import type { Command } from 'commander'
import { Failure } from '../errors.ts'

export function metadataCommand(program: Command): void {
  program
    .command('metadata')
    .description('print the settings that a video was made with')
    .argument('<file>', 'a video, a .safetensors file or a folder of frames that Kinora wrote')
    .option('--json', 'on one line')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { readMetadata } = await import('kinora')
      const request = await readMetadata(file)
      if (!request)
        throw new Failure(`${file} carries no settings`, 'it was not made by Kinora, was made with --no-metadata, or was converted since')
      process.stdout.write(`${JSON.stringify(request, null, json ? 0 : 2)}\n`)
    })
}
