import { expect, test } from 'vitest'
import { GAP, layoutOf, nextCard } from './layout.ts'

test.each([
  [342, 2],
  [366, 2],
  [700, 3],
  [1280, 5],
  [1320, 5],
])('%i pixels hold %i cards a row', (width, columns) => {
  const layout = layoutOf(width)
  expect(layout.columns).toBe(columns)
  const card = (width - GAP * (columns - 1)) / columns
  expect(Math.abs(layout.rowHeight - (card * 0.75 + 92))).toBeLessThan(2)
})

test('arrows go where they point, and stop at the edges', () => {
  const from = (key: string, index: number) => nextCard(key, index, 3, 8) // rows of 3, 3 and 2
  expect([from('ArrowLeft', 4), from('ArrowRight', 4), from('ArrowUp', 4), from('ArrowDown', 4)]).toEqual([3, 5, 1, 7])
  expect([from('ArrowLeft', 0), from('ArrowRight', 7), from('ArrowUp', 2), from('ArrowDown', 6)]).toEqual(Array(4).fill(undefined))
  expect(from('ArrowDown', 5)).toBe(7)
  expect([from('Home', 5), from('End', 5), from('Home', 0), from('a', 5)]).toEqual([0, 7, undefined, undefined])
})
