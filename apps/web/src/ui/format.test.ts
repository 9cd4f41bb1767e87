// Durations, sizes and times in both languages.

import { expect, test } from 'vitest'
import { formatBytes, formatNumber, formatPercent, formatSeconds, formatTime } from './format.ts'

test.each([
  [0, '0 sec', '0秒'],
  [-3, '0 sec', '0秒'],
  [1.64, '1.6 sec', '1.6秒'],
  [9.96, '10 sec', '10秒'],
  [42.4, '42 sec', '42秒'],
  [59.7, '1 min', '1分钟'],
  [200, '3 min 20 sec', '3分钟 20秒'],
  [3599.6, '1 hr', '1小时'],
  [7500, '2 hr 5 min', '2小时 5分钟'],
])('%f seconds', (seconds, english, chinese) => {
  expect(formatSeconds(seconds, 'en')).toBe(english)
  expect(formatSeconds(seconds, 'zh')).toBe(chinese)
})

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1200, '1.2 kB'],
  [999_960, '1 MB'],
  [123_456_789, '123 MB'],
  [5_000_000_000_000_000, '5,000 TB'],
])('%d bytes', (bytes, text) => expect(formatBytes(bytes, 'en')).toBe(text))

test('dates, shares and numbers follow the language', () => {
  const noon = new Date(2026, 4, 17, 12, 5).getTime() / 1000
  expect(formatTime(noon, 'en')).toMatch(/^May 17, 2026, 12:05\sPM$/)
  expect(formatTime(noon, 'zh')).toBe('2026年5月17日 12:05')
  expect(formatPercent(0.425, 'en')).toBe('43%')
  expect(formatNumber(1234.5, 'en')).toBe('1,234.5')
})
