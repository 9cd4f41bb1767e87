// Times relative to now, in both languages.

import { expect, test } from 'vitest'
import { formatRelative } from './relative-time.ts'

const NOW = 1_700_000_000

test.each([
  [0, 'now'],
  [-3.9, '3 seconds ago'],
  [-119, '1 minute ago'],
  [-86_400, 'yesterday'],
  [-40 * 86_400, 'last month'],
  [3 * 86_400 + 5, 'in 3 days'],
  [800 * 86_400, 'in 2 years'],
])('%d seconds from now is %s', (offset, words) => {
  expect(formatRelative(NOW + offset, NOW, 'en')).toBe(words)
})

test('in Chinese', () => {
  expect(formatRelative(NOW - 120, NOW, 'zh')).toBe('2分钟前')
})
