// Gives a model the words of textual inversion files: the tokenizer learns the tokens, and the text encoder is built
// with their vectors after its own embeddings. diffusers: TextualInversionLoaderMixin.load_textual_inversion.

import type { TextualInversion } from '../checkpoint/textual-inversion.ts'
import { openTextualInversion } from '../checkpoint/textual-inversion.ts'
import { CheckpointError } from '../errors.ts'
import type { ModelFiles } from './model-files.ts'

/** A file, or a folder with diffusers' learned_embeds; `token` is what prompts say for it, instead of the file's own word. */
export type TextualInversionSource = string | { path: string; token?: string }

/** Opens the files and adds them. Throws ArgumentError for a token that is taken, CheckpointError for a file that is damaged or does not fit. */
export async function loadTextualInversions(files: ModelFiles, sources: readonly TextualInversionSource[]): Promise<ModelFiles> {
  if (sources.length === 0) return files
  const opened = sources.map((source) => {
    const { path, token } = typeof source === 'string' ? { path: source } : source
    return openTextualInversion(path, token === undefined ? {} : { token })
  })
  return withTextualInversions(files, await Promise.all(opened))
}

/** The same model, with these textual inversions and no others. Throws as loadTextualInversions. */
export function withTextualInversions(files: ModelFiles, inversions: readonly TextualInversion[]): ModelFiles {
  const { hiddenSize, vocabSize } = files.text
  for (const { source, vectors } of inversions)
    if (vectors.shape[1] !== hiddenSize)
      throw new CheckpointError(
        `the vectors in ${source} are ${vectors.shape[1]} wide, the text encoder is ${hiddenSize}: it was trained for another model`,
      )
  const added = inversions.map(({ token, vectors }) => ({ token, count: vectors.shape[0]! }))
  return { ...files, tokenizer: files.tokenizer.withAddedTokens(added, vocabSize), textualInversions: inversions }
}
