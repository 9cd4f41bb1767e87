// The tokenizer's files in every form that checkpoints hold them in, and damaged ones.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import type { TokenizerFiles } from './checkpoint.ts'
import { openFolder } from './files.node.ts'
import { readTokenizerFiles } from './tokenizer-files.ts'

const MS = fileURLToPath(new URL('../../test/fixtures/checkpoints/ms/tokenizer', import.meta.url))
const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-tokenizer-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

let folder = ''
let count = 0
beforeEach(() => {
  folder = path.join(TEMP, String(count++))
  cpSync(MS, path.join(folder, 'tokenizer'), { recursive: true })
})

const file = (name: string) => path.join(folder, 'tokenizer', name)
const text = (name: string) => readFileSync(file(name), 'utf8')
const read = async (): Promise<TokenizerFiles> => readTokenizerFiles(await openFolder(folder), 'tokenizer')

async function messageOf(): Promise<string> {
  const error: unknown = await read().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as Error).message.replaceAll(folder, 'ROOT')
}

it('reads CRLF files as the same tokenizer', async () => {
  const expected = await read()
  for (const name of ['merges.txt', 'vocab.json', 'special_tokens_map.json', 'tokenizer_config.json'])
    writeFileSync(file(name), text(name).replaceAll('\n', '\r\n'))
  expect(text('merges.txt')).toContain('i n\r\n')
  expect(await read()).toEqual(expected)
  expect(expected.merges[0]).toBe('i n')
})

it('does without the version line and the optional files', async () => {
  const expected = await read()
  writeFileSync(file('merges.txt'), text('merges.txt').replace('#version: 0.2\n', ''))
  rmSync(file('special_tokens_map.json'))
  rmSync(file('tokenizer_config.json'))
  expect(await read()).toEqual({ ...expected, specialTokens: {}, config: {} })
})

it('reads the single tokenizer.json that transformers 5 saves', async () => {
  const expected = await read()
  const added_tokens = [
    { id: 0, content: '!', normalized: false },
    { id: 666, content: '<|startoftext|>', normalized: true },
  ]
  const config = { bos_token: '<|startoftext|>', pad_token: '!', eos_token: '<|endoftext|>' }
  const merges = expected.merges.map((merge) => merge.split(' '))
  rmSync(path.join(folder, 'tokenizer'), { recursive: true })
  mkdirSync(path.join(folder, 'tokenizer'))
  writeFileSync(file('tokenizer.json'), JSON.stringify({ added_tokens, model: { type: 'BPE', vocab: expected.vocab, merges } }))
  writeFileSync(file('tokenizer_config.json'), JSON.stringify(config))
  expect(await read()).toEqual({
    vocab: expected.vocab,
    merges: expected.merges,
    specialTokens: { bos_token: added_tokens[1], pad_token: added_tokens[0] },
    config,
  })
})

it('lists what is there when the tokenizer is not', async () => {
  rmSync(file('vocab.json'))
  expect(await messageOf()).toBe(
    'ROOT/tokenizer has no tokenizer: looked for vocab.json with merges.txt, or tokenizer.json; there is merges.txt, special_tokens_map.json, tokenizer_config.json',
  )
})

it.each([
  ['vocab.json', '{"a": -1}', 'vocab.json is not a map of tokens to ids from 0 to 3999999'],
  ['vocab.json', '{"a": 4e9}', 'vocab.json is not a map of tokens to ids'],
  ['vocab.json', '{"a": "b"}', 'vocab.json is not a map of tokens to ids'],
  ['vocab.json', '[]', 'vocab.json holds a list instead of a JSON object'],
  ['vocab.json', '{"i": 0, "n": 1}', 'merges.txt: merge 1 needs the token in, which is not in ROOT/tokenizer/vocab.json'],
  ['merges.txt', '#version: 0.2\ni n\nin\n', 'merges.txt: merge 2 is in, not two tokens'],
  ['merges.txt', 'i n g\n', 'merges.txt: merge 1 is i n g, not two tokens'],
  ['merges.txt', 'i constructor\n', 'merge 1 needs the token constructor'],
])('refuses %s %j', async (name, content, message) => {
  writeFileSync(file(name), content)
  expect(await messageOf()).toContain(message)
})

it.each([
  '{}',
  '{"model": {"vocab": {"a": 0}}}',
  '{"model": {"vocab": {"a": 0}, "merges": [[1, 2, 3]]}}',
  '{"model": {"vocab": {"a": 0}, "merges": [7]}}',
])('refuses tokenizer.json %j', async (content) => {
  rmSync(file('merges.txt'))
  writeFileSync(file('tokenizer.json'), content)
  expect(await messageOf()).toMatch(/^ROOT\/tokenizer\/tokenizer\.json(:| is not| has no)/)
})
