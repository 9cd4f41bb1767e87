// Tokens that textual inversion adds to a vocabulary: several vectors under one name become the tokens `name`,
// `name_1`, `name_2`, as diffusers' load_textual_inversion names them. Checks names; where a prompt holds them is
// the tokenizer's work, which finds them in the lower-cased text, inside words too, before byte pairs.

import { ArgumentError, CheckpointError } from '../errors.ts'

export interface AddedToken {
  /** What a prompt says for it, upper or lower case. */
  readonly token: string
  /** Number of its vectors, each an id and a place in the prompt. */
  readonly count: number
}

/** As `added_tokens` of tokenizer.json lists it. */
export interface AddedEntry {
  readonly id: number
  readonly content: string
  readonly normalized: true
  readonly special: false
}

/**
 * One entry for each vector, ids from `firstId` on. Throws ArgumentError for a name that the vocabulary or another token has,
 * CheckpointError when the vocabulary itself reaches `firstId`.
 */
export function addedEntries(added: readonly AddedToken[], vocab: Readonly<Record<string, number>>, firstId: number): AddedEntry[] {
  const words = Object.values(vocab).reduce((largest, id) => Math.max(largest, id), -1) + 1
  if (words > firstId)
    throw new CheckpointError(`the tokenizer has ${words} tokens, the text encoder ${firstId}: they are of different models`)
  const taken = new Set<string>()
  const contents = added.flatMap(({ token, count }) => vectorNames(token, count))
  return contents.map((content, i) => {
    const name = content.normalize('NFC').replace(/\s+/g, ' ').toLowerCase()
    const word = [content, name, `${name}</w>`].find((entry) => Object.hasOwn(vocab, entry))
    if (word !== undefined)
      throw new ArgumentError(`the token ${content} is a word of the model's vocabulary (${word}): name it otherwise, such as <${name}>`)
    if (taken.has(name)) throw new ArgumentError(`the token ${content} is added twice: name one of them otherwise`)
    taken.add(name)
    return { id: firstId + i, content, normalized: true, special: false }
  })
}

function vectorNames(token: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? token : `${token}_${i}`))
}
