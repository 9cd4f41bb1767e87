// CLIP's tokenizer: lower-cased byte-pair encoding to a fixed number of ids, as transformers' CLIPTokenizer
// computes it, quirks included. The encoding itself is @huggingface/tokenizers, which wants a tokenizer.json;
// checkpoints of this family have none, so tokenizer-json.ts builds that object from the files they have.

import { Tokenizer } from '@huggingface/tokenizers'
import type { TokenizerFiles } from '../checkpoint/checkpoint.ts'
import { ArgumentError } from '../errors.ts'
import type { AddedToken } from './added-tokens.ts'
import { addedEntries } from './added-tokens.ts'
import type { WeightedText } from './prompt-weights.ts'
import { specialTokens, tokenizerJson } from './tokenizer-json.ts'

/** CLIP's number of positions, for checkpoints that do not state it. */
const DEFAULT_MAX_LENGTH = 77

/** transformers writes 1e30 for "unknown"; no text encoder of this kind has this many positions. */
const LARGEST_MAX_LENGTH = 4096

export interface EncodedPrompt {
  /** `maxLength` ids: start, the prompt's first tokens, end, padding. */
  readonly ids: number[]
  /** How much each id counts; 1 for start, end and padding. */
  readonly weights: number[]
  /** Tokens of the whole prompt with start and end, before anything was removed; compare with `maxLength`. */
  readonly tokenCount: number
  /** The end of the prompt that did not fit, lower-cased and freshly spaced; absent when everything fitted. */
  readonly removedText?: string
}

export class ClipTokenizer {
  /** Number of ids of every encoded prompt. */
  readonly maxLength: number
  readonly padTokenId: number
  readonly #files: TokenizerFiles
  readonly #tokenizer: Tokenizer
  readonly #startId: number
  readonly #endId: number
  /** How many vectors an added token has, by the id of its first. */
  readonly #vectorCounts: ReadonlyMap<number, number>

  private constructor(files: TokenizerFiles, added: readonly AddedToken[], firstAddedId: number) {
    const special = specialTokens(files)
    const entries = addedEntries(added, files.vocab, firstAddedId)
    this.#files = files
    this.#tokenizer = new Tokenizer(tokenizerJson(files, special, entries), {})
    this.maxLength = maxLengthOf(files)
    this.padTokenId = special.pad_token.id
    this.#startId = special.bos_token.id
    this.#endId = special.eos_token.id
    const counts = new Map<number, number>()
    let id = firstAddedId
    for (const { count } of added) {
      counts.set(id, count)
      id += count
    }
    this.#vectorCounts = counts
  }

  /** Throws CheckpointError when a special token is not in the vocabulary. */
  static fromFiles(files: TokenizerFiles): ClipTokenizer {
    return new ClipTokenizer(files, [], Number.MAX_SAFE_INTEGER)
  }

  /**
   * This tokenizer with these tokens, and no others, added: their ids follow one another from `firstId`, the text encoder's
   * vocabulary size. Throws ArgumentError for a token that is taken or that no prompt could hold.
   */
  withAddedTokens(added: readonly AddedToken[], firstId: number): ClipTokenizer {
    const tokenizer = new ClipTokenizer(this.#files, added, firstId)
    let first = firstId
    for (const { token, count } of added) {
      const ids = tokenizer.#encodeText(token)
      if (ids.length !== count || ids[0] !== first)
        throw new ArgumentError(`the token ${token} would never be found in a prompt, which is read as other tokens: name it otherwise`)
      first += count
    }
    return tokenizer
  }

  /** Encodes one prompt, or its pieces one after the other; '' gives start and end alone. Never throws for any string. */
  encode(prompt: string | readonly WeightedText[]): EncodedPrompt {
    const pieces = typeof prompt === 'string' ? [{ text: prompt, weight: 1 }] : prompt
    const tokens = pieces.flatMap(({ text, weight }) => this.#encodeText(text).map((id) => ({ id, weight })))
    const kept = tokens.slice(0, this.maxLength - 2)
    const padding = this.maxLength - 2 - kept.length
    const removed = tokens.slice(kept.length).map(({ id }) => id)
    return {
      ids: [this.#startId, ...kept.map(({ id }) => id), this.#endId, ...Array<number>(padding).fill(this.padTokenId)],
      weights: [1, ...kept.map(({ weight }) => weight), 1, ...Array<number>(padding).fill(1)],
      tokenCount: tokens.length + 2,
      ...(removed.length > 0 && { removedText: this.#readable(removed) }),
    }
  }

  /**
   * Of a prompt that did not fit, as `encode` gave it: the number of UTF-16 units at its beginning that are read. A character
   * that is cut in two is not.
   */
  lengthRead(prompt: string, { ids }: Pick<EncodedPrompt, 'ids'>): number {
    const text = this.#runs(ids.slice(1, -1)).map((run) => this.#tokenizer.decode(run))
    const length = withoutSpaces(text.join('').replace(/\uFFFD+$/, '')).length
    let [least, most] = [0, prompt.length]
    while (least < most) {
      const middle = Math.ceil((least + most) / 2)
      if (withoutSpaces(asEncoded(prompt.slice(0, middle))).length <= length) least = middle
      else most = middle - 1
    }
    return least
  }

  /** Ids of a text alone; an added token gives those of all its vectors. */
  #encodeText(text: string): number[] {
    const ids: number[] = this.#tokenizer.encode(text, { add_special_tokens: false }).ids
    return ids.flatMap((id) => Array.from({ length: this.#vectorCounts.get(id) ?? 1 }, (_, i) => id + i))
  }

  /** Decoding puts a space before contractions; a character of several bytes may have been cut in two, its remains are left out. */
  #readable(ids: readonly number[]): string {
    const text = this.#runs(ids).map((run) => this.#tokenizer.decode(run).trim())
    const joined = text.join(' ').replace(/^\uFFFD+/, '')
    return joined.replace(/ (?='(?:s|t|re|ve|m|ll|d)\b)/g, '').trim()
  }

  /** Runs to decode: added tokens by themselves, since decoding puts no space after them, each once whatever its vectors. */
  #runs(ids: readonly number[]): number[][] {
    const firstIds = [...this.#vectorCounts.keys()]
    const runs: number[][] = [[]]
    for (const [i, id] of ids.entries()) {
      const added = firstIds.findLast((first) => first <= id)
      if (added === undefined) runs.at(-1)!.push(id)
      else if (id === added || i === 0) runs.push([added], [])
    }
    return runs.filter((run) => run.length > 0)
  }
}

/** Before it is split into words; see tokenizer-json.ts. */
function asEncoded(text: string): string {
  return text.normalize('NFC').replaceAll('Σ', 'σ').toLowerCase()
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '')
}

function maxLengthOf({ config }: TokenizerFiles): number {
  const given = config.model_max_length
  return typeof given === 'number' && Number.isInteger(given) && given > 2 && given <= LARGEST_MAX_LENGTH ? given : DEFAULT_MAX_LENGTH
}
