// A prompt as a form shows it while it is typed: how many tokens, where the model stops reading, whether it knows the language.

import { checkPrompt } from 'kinora'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { refusal } from './bounds.ts'

export const promptCheck = z
  .object({
    object: z.literal('prompt'),
    tokens: z.int().describe('without those that begin and end it'),
    most_tokens: z.int().describe('that a model reads'),
    cut_at: z.int().nullable().describe('UTF-16 units of the prompt that a model still reads; null when it reads all'),
    english: z.boolean().describe('false when most of it is in another script than Latin, which models of this family do not know'),
  })
  .meta({ id: 'PromptCheck' })

/** Throws ServerError for one that no request may have. */
export async function promptCheckOf(prompt: string, { limits }: Config): Promise<z.infer<typeof promptCheck>> {
  if (prompt.length > limits.promptLength)
    throw refusal(`prompt has ${prompt.length} characters; at most ${limits.promptLength} are taken`, 'prompt')
  const { tokens, mostTokens, cutAt = null, english } = await checkPrompt(prompt)
  return { object: 'prompt', tokens, most_tokens: mostTokens, cut_at: cutAt, english }
}
