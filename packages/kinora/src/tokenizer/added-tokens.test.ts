// Added tokens: ids identical to what diffusers' load_textual_inversion and transformers give for recorded prompts, weights
// beside them, and names that must not be added. Recorded with one token of three vectors, one of two, two of one.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { TokenizerFiles } from '../checkpoint/checkpoint.ts'
import { ArgumentError, CheckpointError } from '../errors.ts'
import type { AddedToken } from './added-tokens.ts'
import { ClipTokenizer } from './clip.ts'
import { parsePromptWeights } from './prompt-weights.ts'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, FIXTURES), 'utf8')
const json = (path: string) => JSON.parse(text(path))

const FILES: TokenizerFiles = {
  vocab: json('checkpoints/ms/tokenizer/vocab.json'),
  merges: text('checkpoints/ms/tokenizer/merges.txt').trim().split('\n').slice(1),
  specialTokens: json('checkpoints/ms/tokenizer/special_tokens_map.json'),
  config: json('checkpoints/ms/tokenizer/tokenizer_config.json'),
}
const SIZE = 668
const TOKENS: AddedToken[] = [
  { token: '<cat-toy>', count: 1 },
  { token: 'orchidea', count: 3 },
  { token: 'blauwal', count: 2 },
  { token: '<neon>', count: 1 },
]
const plain = ClipTokenizer.fromFiles(FILES)
const tokenizer = plain.withAddedTokens(TOKENS, SIZE)

test.each(json('tokenizer/added-tokens.json') as { text: string; ids: number[]; padded: number[] }[])('$text', ({ text, ids, padded }) => {
  const encoded = tokenizer.encode(text)
  expect(encoded.ids).toEqual(padded)
  expect(encoded.tokenCount).toBe(ids.length)
})

it('leaves other prompts and the tokenizer that it came from as they were', () => {
  const prompt = 'An astronaut riding a horse.'
  expect(tokenizer.encode(prompt)).toEqual(plain.encode(prompt))
  expect(plain.encode('<cat-toy>').ids.some((id) => id >= SIZE)).toBe(false)
  expect(tokenizer.withAddedTokens([], SIZE).encode('<cat-toy>')).toEqual(plain.encode('<cat-toy>'))
})

it('finds a token in any case and gives all its vectors', () => {
  // diffusers replaces the text as it is written, so ORCHIDEA would give the first vector alone.
  expect(tokenizer.encode('ORCHIDEA').ids.slice(1, 5)).toEqual([669, 670, 671, 667])
  const upper = plain.withAddedTokens([{ token: 'My  Style', count: 2 }], SIZE)
  expect(upper.encode('in my\tSTYLE, red').ids.slice(2, 4)).toEqual([668, 669])
})

it('numbers from the text encoder’s vocabulary size, which may be larger than the tokenizer’s', () => {
  expect(plain.withAddedTokens(TOKENS, 1000).encode('blauwal').ids.slice(1, 4)).toEqual([1004, 1005, 667])
  expect(() => plain.withAddedTokens(TOKENS, 600)).toThrow(CheckpointError)
  expect(() => plain.withAddedTokens(TOKENS, 600)).toThrow(/tokenizer has 668 tokens, the text encoder 600/)
})

it('tells removed tokens by name', () => {
  const prompt = 'red <cat-toy> circle blauwal, orchidea'
  expect(tokenizer.encode('a '.repeat(75) + prompt).removedText).toBe('red <cat-toy> circle blauwal , orchidea')
  // Cut in two: named, though its first vector still fits.
  expect(tokenizer.encode(`${'a '.repeat(74)}orchidea red`).removedText).toBe('orchidea red')
})

describe('names', () => {
  const add = (...tokens: AddedToken[]) => plain.withAddedTokens(tokens, SIZE)
  const one = (token: string, count = 1) => ({ token, count })

  it.each<[AddedToken[], RegExp]>([
    [[one('Horse')], /the token Horse is a word of the model's vocabulary \(horse<\/w>\): name it otherwise, such as <horse>/],
    [[one('<|endoftext|>')], /is a word of the model's vocabulary/],
    [[one('<a>'), one('<A>')], /the token <A> is added twice/],
    [[one('blue', 2), one('blue_1')], /the token blue_1 is added twice/],
    [[one('wow!')], /the token wow! would never be found in a prompt/],
    [[one('a!', 2)], /would never be found in a prompt/],
    [[one('')], /would never be found in a prompt/],
  ])('%j', (tokens, message) => {
    expect(() => add(...tokens)).toThrow(ArgumentError)
    expect(() => add(...tokens)).toThrow(message)
  })

  it('may hold one another: the one that begins first and is longest is read', () => {
    expect(add(one('<a>'), one('q<a>'), one('<a>b')).encode('q<a>b <a>b').ids.slice(1, 5)).toEqual([669, 321, 670, 667])
  })

  it('may be hostile', () => {
    for (const name of ['__proto__', 'constructor', '\uD800', '(a:1)', '$&', '.*', 'end'.repeat(60)])
      expect(add(one(name)).encode(`a ${name}`).ids.slice(2, 4)).toEqual([SIZE, 667])
  })
})

describe('weights', () => {
  it('stand beside the ids', () => {
    const { ids, weights } = tokenizer.encode(parsePromptWeights('a (red orchidea:1.5) [horse]'))
    expect(ids).toEqual(tokenizer.encode('a red orchidea horse').ids)
    expect(weights.slice(0, 9)).toEqual([1, 1, 1.5, 1.5, 1.5, 1.5, 1 / 1.1, 1, 1])
    expect(weights).toHaveLength(77)
  })

  it('are cut with the prompt', () => {
    const { ids, weights, tokenCount, removedText } = tokenizer.encode(parsePromptWeights(`(${'a '.repeat(73)}:2)(red circle horse:3)`))
    expect([ids.length, tokenCount, removedText]).toEqual([77, 78, 'horse'])
    expect(weights.slice(73)).toEqual([2, 3, 3, 1])
  })

  it('are all 1 for plain text, and pieces of weight 1 are the plain text', () => {
    expect(new Set(plain.encode('a horse').weights)).toEqual(new Set([1]))
    expect(plain.encode(parsePromptWeights('a (hor:1)se'))).toEqual(plain.encode('a horse'))
  })
})

it('never throws, weighted or not, and gives as many weights as ids', () => {
  const part = fc.oneof(
    fc.constantFrom('<cat-toy>', 'ORCHIDEA', 'blauwal_1', '(', '[', ':1.3)', '\\', ' ', '!', '\uD800'),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      for (const prompt of [parts.join(''), parsePromptWeights(parts.join(''))]) {
        const { ids, weights, tokenCount, removedText } = tokenizer.encode(prompt)
        expect([ids.length, weights.length]).toEqual([77, 77])
        expect(ids.every((id) => id >= 0 && id < SIZE + 7)).toBe(true)
        expect(removedText !== undefined).toBe(tokenCount > 77)
      }
    }),
  )
})
