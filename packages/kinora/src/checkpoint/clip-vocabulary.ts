// CLIP's own tokenizer, for checkpoints without one. The vocabulary follows from the merges, as in OpenAI's
// clip/simple_tokenizer.py; special tokens are those of the family's published diffusers versions, so that both
// layouts of one model give the same ids: padding is `!`, id 0, which OpenCLIP's zeros are too.

import { readClipMerges } from '#clip-merges'
import type { TokenizerFiles } from './checkpoint.ts'
import { parseMerges } from './tokenizer-files.ts'

export const CLIP_VOCABULARY_SIZE = 49_408

const START = '<|startoftext|>'
const END = '<|endoftext|>'
const LONGEST_PROMPT = 77

export async function clipTokenizerFiles(): Promise<TokenizerFiles> {
  const merges = parseMerges(await readClipMerges())
  const bytes = byteSymbols()
  const tokens = [...bytes, ...bytes.map((symbol) => `${symbol}</w>`), ...merges.map((merge) => merge.replace(' ', '')), START, END]
  const special = (content: string) => ({ content, lstrip: false, normalized: true, rstrip: false, single_word: false })
  return {
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges,
    specialTokens: { bos_token: special(START), eos_token: special(END), unk_token: special(END), pad_token: '!' },
    config: { model_max_length: LONGEST_PROMPT },
  }
}

/** One character a byte: first the bytes that Latin-1 prints, as themselves, then the others as the characters from U+0100 on. */
function byteSymbols(): string[] {
  const isPrinted = (code: number) => code > 0x20 && code !== 0x7f && !(code >= 0x80 && code <= 0xa0) && code !== 0xad
  const printed = Array.from({ length: 256 }, (_, code) => code).filter(isPrinted)
  const others = Array.from({ length: 256 - printed.length }, (_, i) => 0x100 + i)
  return [...printed, ...others].map((code) => String.fromCharCode(code))
}
