// Figures that are measured anew in one language must not stay old in the other: tables have the same rows in both, with the same
// numbers. Short ones are left out, which languages write differently: dates, "half".

import { expect, test } from 'vitest'
import { englishPages, LISTS, read } from './support/pages.ts'

const SHORT = 2

function rowsOf(page: string): string[][] {
  const rows = read(page)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
  return rows.map((row) => {
    const text = row.replaceAll(/\]\([^)]*\)/g, ']')
    const numbers = [...text.matchAll(/\d[\d,.]*\d/g)].map(([number]) => number.replaceAll(',', ''))
    return numbers.filter((number) => number.length > SHORT).toSorted()
  })
}

test.each(englishPages().filter((page) => !LISTS.has(page)))('%s', (page) => {
  expect(rowsOf(page.replace('docs/', 'docs/zh/'))).toEqual(rowsOf(page))
})
