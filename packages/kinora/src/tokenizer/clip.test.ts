// Ids identical to transformers' CLIPTokenizer on recorded prompts, truncation, special tokens, odd input.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenizerFiles } from '../checkpoint/checkpoint.ts'
import { CheckpointError } from '../errors.ts'
import { ClipTokenizer } from './clip.ts'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, FIXTURES), 'utf8')
const json = (path: string) => JSON.parse(text(path))

const FILES: TokenizerFiles = {
  vocab: json('checkpoints/ms/tokenizer/vocab.json'),
  merges: text('checkpoints/ms/tokenizer/merges.txt').trim().split('\n').slice(1),
  specialTokens: json('checkpoints/ms/tokenizer/special_tokens_map.json'),
  config: json('checkpoints/ms/tokenizer/tokenizer_config.json'),
}
const START = 666
const END = 667
const tokenizer = ClipTokenizer.fromFiles(FILES)

interface Recorded {
  text: string
  ids: number[]
  padded: number[]
}

describe.each(['expected/tokens.json', 'tokenizer/more-tokens.json'])('%s', (file) => {
  it.each(json(file) as Recorded[])('$text', ({ text, ids, padded }) => {
    const encoded = tokenizer.encode(text)
    expect(encoded.ids).toEqual(padded)
    expect(encoded.tokenCount).toBe(ids.length)
    // Beyond the end the ids show in the tokens that a longer tokenizer keeps.
    const long = ClipTokenizer.fromFiles({ ...FILES, config: { ...FILES.config, model_max_length: 4096 } })
    expect(long.encode(text).ids.slice(0, ids.length)).toEqual(ids)
  })
})

describe('truncation', () => {
  it('reports what was removed as text', () => {
    const { ids, tokenCount, removedText } = tokenizer.encode(`${'a '.repeat(74)}riding a RED Horse, don't  run!`)
    expect(ids).toHaveLength(77)
    expect([ids[0], ids[76]]).toEqual([START, END])
    expect(tokenCount).toBeGreaterThan(77)
    expect(removedText).toBe("a red horse, don't run!")
  })

  it('removes nothing from a prompt that just fits', () => {
    const { ids, tokenCount, removedText } = tokenizer.encode('a '.repeat(75))
    expect([ids.length, tokenCount, removedText]).toEqual([77, 77, undefined])
    expect(tokenizer.encode('a '.repeat(76)).removedText).toBe('a')
  })

  it('leaves out the remains of a character that was cut in two', () => {
    const { removedText } = tokenizer.encode(`${'a '.repeat(74)}大鹏`)
    expect(removedText).toBe('鹏')
  })

  it('takes the length from tokenizer_config.json, 77 when it is absent or absurd', () => {
    const withLength = (length: unknown) => ClipTokenizer.fromFiles({ ...FILES, config: { ...FILES.config, model_max_length: length } })
    expect(withLength(12).encode('a red circle').ids).toHaveLength(12)
    for (const absurd of [undefined, null, 1e30, -1, 0, 2.5, '77', Number.NaN]) expect(withLength(absurd).maxLength).toBe(77)
  })
})

describe('special tokens', () => {
  const padded = (specialTokens: Record<string, unknown>, config: Record<string, unknown> = {}) =>
    ClipTokenizer.fromFiles({ ...FILES, specialTokens, config })

  it('takes padding from special_tokens_map.json, then tokenizer_config.json, then the end token', () => {
    expect(padded({ pad_token: '!' }, { pad_token: 'a</w>' }).padTokenId).toBe(0)
    expect(padded({}, { pad_token: { content: 'a</w>' } }).padTokenId).toBe(FILES.vocab['a</w>'])
    expect(padded({}).encode('').ids.slice(0, 4)).toEqual([START, END, END, END])
  })

  it('reads a literal ! as padding only when ! is the padding token', () => {
    expect(tokenizer.encode('a!').ids.slice(2, 4)).toEqual([0, END])
    expect(padded({}).encode('a!').ids.slice(2, 4)).toEqual([FILES.vocab['!</w>'], END])
  })

  it('finds an upper-case end token only when it is marked as normalized', () => {
    const prompt = 'a ! <|ENDOFTEXT|> <|endoftext|>'
    const word = [27, 347, 68, 77, 526, 69, 83, 68, 87, 339, 91, 285]
    expect(tokenizer.encode(prompt).ids.slice(0, 6)).toEqual([START, 320, 0, END, END, END])
    expect(padded({}).encode(prompt).ids.slice(0, 17)).toEqual([START, 320, 256, ...word, END, END])
  })

  it.each([['[PAD]'], [{ content: '[PAD]' }], [7], [{}]])('refuses the padding token %j', (pad_token) => {
    expect(() => padded({ pad_token })).toThrow(CheckpointError)
    expect(() => padded({ pad_token })).toThrow(/pad_token is .* not in its vocab\.json/)
  })
})

it('never throws and always gives maxLength ids of the vocabulary', () => {
  const size = Object.keys(FILES.vocab).length
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(fc.constantFrom('\uD800', '\uDC00', '<|endoftext|>', '!', "'", '\uFEFF', 'Σ', '</w>', ' ', 'horse', '\0'))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(anything, (prompt) => {
      const { ids, tokenCount, removedText } = tokenizer.encode(prompt)
      expect(ids).toHaveLength(77)
      expect(ids[0]).toBe(START)
      expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < size)).toBe(true)
      expect(removedText !== undefined).toBe(tokenCount > 77)
    }),
    { numRuns: 500 },
  )
})
