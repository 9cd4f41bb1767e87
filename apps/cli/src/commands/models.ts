// `kinora models`: what is on this machine and at the hub. The cache is the one of Python's
// huggingface_hub, so models that it downloaded are here as well.

import type { Command } from 'commander'
import type { Context } from '../program.ts'

const AFTER_HELP = `
A model is named as at huggingface.co: owner/name, owner/name@revision, owner/name/subfolder; or by its
short name in "kinora models list". HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE are
read. "kinora generate -m NAME" downloads by itself what is not here yet. Weights in int8, which
--precision int8 makes of a model, lie in KINORA_CACHE (~/.cache/kinora) and go when the model goes.`

export interface ModelFlags {
  readonly variant?: string
  readonly all?: boolean
  readonly json?: boolean
}

export function modelsCommand(program: Command, context: Context): void {
  const models = program.command('models').description('list, download, inspect and remove models').addHelpText('after', AFTER_HELP)
  models
    .command('list')
    .description('models on this machine, and the ones known by a short name')
    .option('--all', 'also models of other kinds in the cache')
    .option('--json', 'print JSON')
    .action(async (flags: ModelFlags) => {
      const { listModels } = await import('../models.ts')
      await listModels(flags)
    })
  models
    .command('pull')
    .description('download models; goes on where an earlier download stopped')
    .argument('<name...>', 'models of the hub')
    .option('--variant <name>', 'weight files to take, for example fp16')
    .option('--json', 'print one JSON object a line: progress, pulled')
    .action(async (names: string[], flags: ModelFlags) => {
      const { pullModels } = await import('../models-pull.ts')
      await pullModels(names, flags, context.signal)
    })
  models
    .command('info')
    .description('what a model is made for, its licence, its files and what is here of them')
    .argument('<name>', 'a model of the hub, or a folder')
    .option('--variant <name>', 'weight files to ask for, for example fp16')
    .option('--json', 'print JSON')
    .action(async (name: string, flags: ModelFlags) => {
      const { showModel } = await import('../models-info.ts')
      await showModel(name, flags, context.signal)
    })
  models
    .command('rm')
    .description('remove models from this machine')
    .argument('<name...>', 'models in the cache')
    .option('--json', 'print one JSON object a line')
    .action(async (names: string[], flags: ModelFlags) => {
      const { removeModels } = await import('../models.ts')
      await removeModels(names, flags)
    })
}
