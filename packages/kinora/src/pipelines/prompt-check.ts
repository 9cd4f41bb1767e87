// What a text encoder of this family makes of a prompt, before anything is generated: how many tokens it is, where it is cut
// off, and whether it is in the language that they know. By CLIP's own tokenizer, as nearly every checkpoint has it; no model
// is opened. Brackets count as the text that they are, as in a generation without `promptWeights`.

import { clipTokenizerFiles } from '../checkpoint/clip-vocabulary.ts'
import { ClipTokenizer } from '../tokenizer/clip.ts'
import { mostlyNotEnglish } from '../tokenizer/language.ts'

/** How the text encoder reads a prompt. */
export interface PromptReport {
  /** Without those that begin and end every prompt. */
  readonly tokens: number
  /** That are read. */
  readonly mostTokens: number
  /** Number of UTF-16 units of the prompt that are read; undefined when all are. */
  readonly cutAt: number | undefined
  /** False when most of it is in another script than Latin. */
  readonly english: boolean
}

let opened: Promise<ClipTokenizer> | undefined

/** The first call reads the vocabulary, some tenths of a second; it stays in memory. Never rejects for any string. */
export async function checkPrompt(prompt: string): Promise<PromptReport> {
  opened ??= clipTokenizerFiles().then((files) => ClipTokenizer.fromFiles(files))
  const tokenizer = await opened
  const encoded = tokenizer.encode(prompt)
  return {
    tokens: encoded.tokenCount - 2,
    mostTokens: tokenizer.maxLength - 2,
    cutAt: encoded.tokenCount > tokenizer.maxLength ? tokenizer.lengthRead(prompt, encoded) : undefined,
    english: !mostlyNotEnglish(prompt),
  }
}
