// Prompts through the real text encoder: words added by textual inversion and weights against what diffusers computes
// for the same small checkpoint, and that neither changes anything where it is not used.

import { afterAll, describe, expect, test } from 'vitest'
import { maxErrorInDeviations } from '../../test/support/compare.ts'
import { readJson } from '../../test/support/json.ts'
import { fixture, readSafetensors } from '../../test/support/safetensors.ts'
import { openCheckpoint } from '../checkpoint/open.ts'
import type { TextualInversion } from '../checkpoint/textual-inversion.ts'
import { openTextualInversion } from '../checkpoint/textual-inversion.ts'
import { ArgumentError, CheckpointError } from '../errors.ts'
import { openLocalEngine } from '../runtime/local-engine.node.ts'
import { tensor } from '../tensor/tensor.ts'
import type { ModelFiles } from './model-files.ts'
import { parseModelFiles } from './model-files.ts'
import { openSessions } from './sessions.ts'
import type { TextRun } from './text-encoding.ts'
import { encodeTexts } from './text-encoding.ts'
import { loadTextualInversions, withTextualInversions } from './textual-inversions.ts'

const BAR = 1e-5
const word = (name: string) => fixture(`textual-inversions/${name}`)

const engine = openLocalEngine()
afterAll(() => engine.dispose())

const expected = readSafetensors(fixture('expected/textual-inversions.safetensors'))
const meta = readJson<{ prompt: string; output: string; weighted: { prompt: string; output: string }[] }>(
  'expected/textual-inversions.json',
)
const plain: ModelFiles = parseModelFiles(await openCheckpoint(fixture('checkpoints/ms')))
const withWords = await loadTextualInversions(plain, [
  word('learned_embeds.safetensors'),
  word('orchidea.pt'),
  { path: word('blauwal.safetensors'), token: 'blauwal' },
  word('neon.safetensors'),
])

async function encode(files: ModelFiles, texts: readonly string[], settings: TextRun['settings'] = {}, clipSkip = 0) {
  const warnings: string[] = []
  const sessions = openSessions(engine, {}, true)
  const run: TextRun = { files, sessions, options: { prompt: '' }, settings, warn: (message) => warnings.push(message) }
  const states = await encodeTexts(run, texts, clipSkip)
  await sessions.done('text_encoder')
  return { states, warnings }
}

describe('textual inversion', () => {
  test('gives the states that transformers computes', async () => {
    const { states } = await encode(withWords, [meta.prompt])
    expect(maxErrorInDeviations(states, expected.get(meta.output)!)).toBeLessThan(BAR)
  })

  test('changes nothing for a prompt that does not use it', async () => {
    const texts = ['An astronaut riding a horse.', '']
    expect((await encode(withWords, texts, {}, 1)).states).toEqual((await encode(plain, texts, {}, 1)).states)
  })

  test('the order of files is the order of ids, and no other', async () => {
    const one = await openTextualInversion(word('neon.safetensors'))
    const two = await openTextualInversion(word('blauwal.safetensors'))
    const [a, b] = [withTextualInversions(plain, [one, two]), withTextualInversions(plain, [two, one])]
    const prompt = ['a <neon> blauwal']
    expect(a.tokenizer.encode(prompt[0]!).ids).not.toEqual(b.tokenizer.encode(prompt[0]!).ids)
    expect((await encode(a, prompt)).states).toEqual((await encode(b, prompt)).states)
  })

  test('of another width, or with a taken token, is refused', async () => {
    const made = (token: string, width: number): TextualInversion => ({ token, vectors: tensor('float32', [1, width]), source: 'x.pt' })
    expect(() => withTextualInversions(plain, [made('<a>', 768)])).toThrow(CheckpointError)
    expect(() => withTextualInversions(plain, [made('<a>', 768)])).toThrow('the vectors in x.pt are 768 wide, the text encoder is 16')
    expect(() => withTextualInversions(plain, [made('horse', 16)])).toThrow(ArgumentError)
    await expect(loadTextualInversions(plain, [word('neon.safetensors'), word('neon.safetensors')])).rejects.toThrow(
      'the token <neon> is added twice',
    )
  })
})

describe('prompt weights', () => {
  test.each(meta.weighted)('$prompt', async ({ prompt, output }) => {
    const { states } = await encode(withWords, [prompt], { promptWeights: true })
    expect(maxErrorInDeviations(states, expected.get(output)!)).toBeLessThan(BAR)
  })

  test('of 1 keep every bit, for each prompt of a batch', async () => {
    const { states } = await encode(plain, ['a red circle', 'a horse'])
    const { states: weighed } = await encode(plain, ['a (red:1) circle', 'a (hor:1)(se:1.0)'], { promptWeights: true })
    expect(weighed).toEqual(states)
    const { states: mixed } = await encode(plain, ['a (red:2) circle', 'a horse'], { promptWeights: true })
    const half = states.data.length / 2
    expect(mixed.data.subarray(half)).toEqual(states.data.subarray(half))
    expect(mixed.data.subarray(0, half)).not.toEqual(states.data.subarray(0, half))
  })

  test('are text where they are not asked for', async () => {
    const [a, b] = await Promise.all([encode(plain, ['(red:1.3)']), encode(plain, [String.raw`\(red\:1.3\)`], { promptWeights: true })])
    expect(a.states).toEqual(b.states)
  })

  test('removed words are told without their brackets', async () => {
    const { warnings } = await encode(plain, [`${'surfing '.repeat(75)}(the (end:1.2))`], { promptWeights: true })
    expect(warnings).toEqual([`the prompt is longer than the model's 77 tokens; ignored: "the end"`])
  })
})
