// Prompts that fit, that just fit and that do not; where the cut falls in words, in unspaced scripts and among odd characters.

import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { checkPrompt } from './prompt-check.ts'

it('counts tokens without those that begin and end a prompt', async () => {
  expect(await checkPrompt('')).toEqual({ tokens: 0, mostTokens: 75, cutAt: undefined, english: true })
  expect(await checkPrompt('A panda eating bamboo on a rock.')).toMatchObject({ tokens: 8, cutAt: undefined })
  expect(await checkPrompt('(panda:1.3)')).toMatchObject({ tokens: 7 })
  expect(await checkPrompt('一只熊猫')).toMatchObject({ english: false })
})

it('tells where the first words end that are not read', async () => {
  expect(await checkPrompt('a '.repeat(75))).toMatchObject({ tokens: 75, cutAt: undefined })
  const words = `${'  A '.repeat(73)}red\n PANDA surfing`
  const { tokens, cutAt } = await checkPrompt(words)
  expect([tokens, words.slice(0, cutAt).trimEnd(), words.slice(cutAt)]).toEqual([76, words.slice(0, -8), 'surfing'])
})

test.each([
  ['Chinese without spaces', '大鹏一日同风起扶摇直上九万里'.repeat(8)],
  ['letters with marks of their own', 'cafe\u0301 '.repeat(100)],
  ['emoji', '🐼🏽\u200d🚀'.repeat(60)],
  ['signs that are tokens of their own', '! '.repeat(90)],
])('a cut in %s lies between characters, and as late as it may', async (_name, prompt) => {
  const { cutAt = 0, tokens } = await checkPrompt(prompt)
  expect(tokens).toBeGreaterThan(75)
  expect(prompt.slice(0, cutAt).isWellFormed()).toBe(true)
  expect((await checkPrompt(prompt.slice(0, cutAt))).tokens).toBeLessThanOrEqual(75)
  expect((await checkPrompt(prompt.slice(0, cutAt + 8))).tokens).toBeGreaterThan(75)
})

it('bears any text', async () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 400 }))
  await fc.assert(
    fc.asyncProperty(text, async (prompt) => {
      const { tokens, cutAt } = await checkPrompt(prompt)
      expect(cutAt !== undefined).toBe(tokens > 75)
      if (cutAt !== undefined) expect(cutAt).toBeLessThan(prompt.length)
    }),
    { numRuns: 20 },
  )
})
