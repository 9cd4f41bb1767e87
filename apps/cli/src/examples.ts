// The prompts that come with the demo model, and the options that each is best shown with.

import type { Example } from '@kinora/demo-model'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'
import { demoModel } from './model.ts'

export async function readExamples(): Promise<readonly Example[]> {
  return (await demoModel()).examples
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
