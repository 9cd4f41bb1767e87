// The prompts that come with the demo model, and the options that each is best shown with.

import { Failure, UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'
import { readDemoJson } from './model.ts'

/** packages/demo-model/examples.json, by the command line's and the library's names. */
export interface Example {
  readonly prompt: string
  readonly seed?: number
  readonly steps?: number
  readonly guidance?: number
  readonly frames?: number
  readonly negative?: string
}

export async function readExamples(): Promise<Example[]> {
  const examples = await readDemoJson<Example[]>('examples.json')
  if (!examples) throw new Failure('the demo model has no examples.json', 'install a complete @kinora/demo-model')
  return examples
}

/** Example `number`, from 1. Throws UsageError for any other. */
export function chooseExample(examples: readonly Example[], number: number): Example {
  const example = examples[number - 1]
  if (!example) throw new UsageError(`there is no example ${number}; there are 1 to ${examples.length}`, 'see kinora examples')
  return example
}

/** Flags of `generate` for an example; what the user gave wins. */
export function exampleFlags({ seed, steps, guidance, frames, negative }: Example, given: GenerateFlags): GenerateFlags {
  const own = { seed: seed === undefined ? undefined : BigInt(seed), steps, guidance, frames, negative }
  return { ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)), ...given }
}
