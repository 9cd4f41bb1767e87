import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NONE, pruned, type Selection, toggled } from './selection.ts'

const ORDER = ['a', 'b', 'c', 'd', 'e', 'f']
const idsOf = ({ ids }: Selection) => [...ids].toSorted().join('')

test('one by one, and a range from the last one in either direction', () => {
  const b = toggled(NONE, 'b', ORDER)
  expect([b.isOn, idsOf(b)]).toEqual([true, 'b'])
  expect(idsOf(toggled(b, 'e', ORDER, true))).toBe('bcde')
  expect(idsOf(toggled(toggled(b, 'e', ORDER, true), 'a', ORDER, true))).toBe('abcde')
  expect(idsOf(toggled(b, 'b', ORDER))).toBe('')
})

test('a range without a beginning is one video', () => {
  expect(idsOf(toggled(NONE, 'c', ORDER, true))).toBe('c')
  expect(idsOf(toggled({ ...NONE, anchor: 'gone' }, 'c', ORDER, true))).toBe('c')
})

test('what is not in the list any more is not selected', () => {
  const selection = { isOn: true, ids: new Set(['a', 'f']) }
  expect(idsOf(pruned(selection, ['a', 'b']))).toBe('a')
  expect(pruned(selection, ORDER)).toBe(selection)
})

test('a range never takes away, and holds both its ends', () => {
  const id = fc.constantFrom(...ORDER)
  fc.assert(
    fc.property(fc.array(id), id, id, (before, from, to) => {
      const start = toggled({ isOn: true, ids: new Set(before) }, from, ORDER)
      const { ids } = toggled(start, to, ORDER, true)
      expect([from, to, ...start.ids].every((each) => ids.has(each))).toBe(true)
    }),
  )
})
