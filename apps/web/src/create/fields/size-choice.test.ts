// Cards of sizes, there and back.

import { expect, test } from 'vitest'
import { EXAMPLE } from '../../settings/example-capabilities.ts'
import { NOTHING, type Settings } from '../../settings/settings.ts'
import { chosenSize, settingsOfCard, sizeCards } from './size-choice.ts'

const EDIT: Settings = { ...NOTHING, task: 'edit', source: { id: 'a' } }

test('nothing said is the model’s own size, or the source’s', () => {
  expect(chosenSize(sizeCards(EXAMPLE, NOTHING), NOTHING)).toBe('square')
  expect(chosenSize(sizeCards(EXAMPLE, EDIT), EDIT)).toBe('source')
})

test.each([NOTHING, EDIT])('what a card sets is shown by that card (%j)', (settings) => {
  const cards = sizeCards(EXAMPLE, settings)
  for (const card of cards.filter(({ choice }) => choice !== 'custom'))
    expect(chosenSize(cards, { ...settings, ...settingsOfCard(card, settings.task) })).toBe(card.choice)
})

test('any other size is one’s own', () => {
  expect(chosenSize(sizeCards(EXAMPLE, NOTHING), { ...NOTHING, width: 128, height: 136 })).toBe('custom')
  expect(chosenSize(sizeCards(EXAMPLE, NOTHING), { ...NOTHING, width: 256 })).toBe('custom')
})
