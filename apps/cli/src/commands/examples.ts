// `kinora examples`: lists the demo model's prompts, or generates one of them.

import type { Example } from '@kinora/demo-model'
import type { Command } from 'commander'
import { append, count, seed as seedArgument } from '../arguments.ts'
import { chooseExample, exampleFlags, readExamples } from '../examples.ts'
import type { GenerateFlags } from '../flags.ts'
import type { Context } from '../program.ts'

interface Flags extends Pick<GenerateFlags, 'out' | 'seed' | 'force' | 'json'> {
  run?: number
}

export function examplesCommand(program: Command, context: Context): void {
  program
    .command('examples')
    .description('list prompts that the demo model knows, or generate one of them')
    .option('--run <n>', 'generate this one', count)
    .option('-o, --out <path>', 'file or folder/ to write; may be given several times', append)
    .option('--seed <n>', "another seed than the example's", seedArgument)
    .option('--force', 'replace files that exist')
    .option('--json', 'print JSON')
    .action(async ({ run, ...flags }: Flags) => {
      const examples = await readExamples()
      if (run === undefined) return list(examples, flags.json === true)
      const { runGenerate } = await import('../run.ts')
      const example = chooseExample(examples, run)
      await runGenerate([example.prompt], exampleFlags(example, flags), context.signal)
    })
}

function list(examples: readonly Example[], json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(examples)}\n`)
  for (const [i, { prompt, seed, steps, guidance, frames, negative }] of examples.entries()) {
    const details = Object.entries({ seed, steps, guidance, frames, negative }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${value}`],
    )
    process.stdout.write(`${String(i + 1).padStart(3)}  ${prompt}${details.length === 0 ? '' : `  (${details.join(', ')})`}\n`)
  }
  process.stderr.write('generate one with: kinora examples --run N -o FILE\n')
}
