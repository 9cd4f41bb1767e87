// CLIP's tokenizer: lower-cased byte-pair encoding to a fixed number of ids, as transformers' CLIPTokenizer
// computes it, quirks included. The encoding itself is @huggingface/tokenizers, which wants a tokenizer.json;
// checkpoints of this family have none, so tokenizer-json.ts builds that object from the files they have.

import { Tokenizer } from '@huggingface/tokenizers'
import type { TokenizerFiles } from '../checkpoint/checkpoint.ts'
import { specialTokens, tokenizerJson } from './tokenizer-json.ts'

/** CLIP's number of positions, for checkpoints that do not state it. */
const DEFAULT_MAX_LENGTH = 77

/** transformers writes 1e30 for "unknown"; no text encoder of this kind has this many positions. */
const LARGEST_MAX_LENGTH = 4096

export interface EncodedPrompt {
  /** `maxLength` ids: start, the prompt's first tokens, end, padding. */
  readonly ids: number[]
  /** Tokens of the whole prompt with start and end, before anything was removed; compare with `maxLength`. */
  readonly tokenCount: number
  /** The end of the prompt that did not fit, lower-cased and freshly spaced; absent when everything fitted. */
  readonly removedText?: string
}

export class ClipTokenizer {
  /** Number of ids of every encoded prompt. */
  readonly maxLength: number
  readonly padTokenId: number
  readonly #tokenizer: Tokenizer

  private constructor(tokenizer: Tokenizer, maxLength: number, padTokenId: number) {
    this.#tokenizer = tokenizer
    this.maxLength = maxLength
    this.padTokenId = padTokenId
  }

  /** Throws CheckpointError when a special token is not in the vocabulary. */
  static fromFiles(files: TokenizerFiles): ClipTokenizer {
    const special = specialTokens(files)
    return new ClipTokenizer(new Tokenizer(tokenizerJson(files, special), {}), maxLengthOf(files), special.pad_token.id)
  }

  /** Encodes one prompt; '' gives start and end alone. Never throws for any string. */
  encode(text: string): EncodedPrompt {
    const all = this.#tokenizer.encode(text).ids
    const padding = Array<number>(Math.max(0, this.maxLength - all.length)).fill(this.padTokenId)
    if (all.length <= this.maxLength) return { ids: [...all, ...padding], tokenCount: all.length }
    const kept = all.slice(0, this.maxLength - 1)
    const removed = all.slice(this.maxLength - 1, -1)
    return { ids: [...kept, all.at(-1)!], tokenCount: all.length, removedText: this.#readable(removed) }
  }

  /** Decoding puts a space before contractions; a character of several bytes may have been cut in two, its remains are left out. */
  #readable(ids: number[]): string {
    const text = this.#tokenizer.decode(ids).replace(/^\uFFFD+/, '')
    return text.replace(/ (?='(?:s|t|re|ve|m|ll|d)\b)/g, '').trim()
  }
}

function maxLengthOf({ config }: TokenizerFiles): number {
  const given = config.model_max_length
  return typeof given === 'number' && Number.isInteger(given) && given > 2 && given <= LARGEST_MAX_LENGTH ? given : DEFAULT_MAX_LENGTH
}
