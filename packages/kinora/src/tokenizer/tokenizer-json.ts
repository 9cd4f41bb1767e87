// Builds, from vocab.json, merges.txt and the special token files, the tokenizer.json object that
// @huggingface/tokenizers reads: NFC, one space, lower case; split into words; bytes; byte pairs ending in
// </w>. Follows the pipeline that transformers 5 sets up for CLIPTokenizer.

import type { TokenizerFiles } from '../checkpoint/checkpoint.ts'
import { CheckpointError } from '../errors.ts'
import type { AddedEntry } from './added-tokens.ts'

const DEFAULTS = {
  bos_token: '<|startoftext|>',
  eos_token: '<|endoftext|>',
  unk_token: '<|endoftext|>',
  pad_token: '<|endoftext|>',
}

type Role = keyof typeof DEFAULTS

interface SpecialToken {
  readonly id: number
  readonly content: string
  /** Whether it is looked for in the lower-cased text rather than in the text as given. */
  readonly normalized: boolean
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly single_word: boolean
  readonly special: true
}

/** Contractions first, so that a word ends before them; digits one by one; anything else in runs. */
const WORDS = "'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+"

/** special_tokens_map.json decides, then tokenizer_config.json, then CLIP's own. Throws CheckpointError for one without an id. */
export function specialTokens(files: TokenizerFiles): Record<Role, SpecialToken> {
  const entries = Object.entries(DEFAULTS).map(([role, fallback]) => [role, specialToken(files, role, fallback)] as const)
  return Object.fromEntries(entries) as Record<Role, SpecialToken>
}

function specialToken({ vocab, specialTokens, config }: TokenizerFiles, role: string, fallback: string): SpecialToken {
  const given = specialTokens[role] ?? config[role] ?? fallback
  const fields = (typeof given === 'object' ? given : { content: given }) as Readonly<Record<string, unknown>>
  const { content } = fields
  if (typeof content !== 'string' || !Object.hasOwn(vocab, content))
    throw new CheckpointError(
      `the tokenizer's ${role} is ${typeof content === 'string' ? content : typeof content}, which is not in its vocab.json: correct special_tokens_map.json or tokenizer_config.json`,
    )
  const flag = (name: string) => fields[name] === true
  return {
    id: vocab[content]!,
    content,
    normalized: flag('normalized'),
    lstrip: flag('lstrip'),
    rstrip: flag('rstrip'),
    single_word: flag('single_word'),
    special: true,
  }
}

export function tokenizerJson(
  { vocab, merges }: TokenizerFiles,
  special: Record<Role, SpecialToken>,
  added: readonly AddedEntry[] = [],
): object {
  const { bos_token: bos, eos_token: eos, unk_token: unk } = special
  return {
    // Every special token is one token wherever it stands, so with `!` as padding a literal "!" becomes
    // the padding id, as in the reference. Of two roles with one text the later decides how it is found.
    added_tokens: [...new Map(Object.values(special).map((token) => [token.content, token])).values(), ...added],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        // JavaScript lower-cases a word's last capital sigma to the final form, the reference never does.
        { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: WORDS }, behavior: 'Removed', invert: true },
        // Its own regex would split nothing further and takes U+FEFF for a space.
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ],
    },
    post_processor: { type: 'RobertaProcessing', sep: [eos.content, eos.id], cls: [bos.content, bos.id] },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges, unk_token: unk.content, end_of_word_suffix: '</w>' },
  }
}
