import { expect, test } from 'vitest'
import { moved, moveTo, placesOf, renewed } from './moves.ts'

const list = (ids: string) => Array.from(ids, (id) => ({ id }))
const text = (items: readonly { id: string }[]) => items.map(({ id }) => id).join('')

test('moves one to the front, behind another one, to the end', () => {
  expect(text(moved(list('abcd'), { id: 'c', after: null }))).toBe('cabd')
  expect(text(moved(list('abcd'), { id: 'a', after: 'c' }))).toBe('bcad')
  expect(text(moved(list('abcd'), { id: 'b', after: 'd' }))).toBe('acdb')
})

test('leaves the list when one of both is not in it, or is the same', () => {
  expect(text(moved(list('abc'), { id: 'x', after: 'a' }))).toBe('abc')
  expect(text(moved(list('abc'), { id: 'a', after: 'x' }))).toBe('abc')
  expect(text(moved(list('abc'), { id: 'b', after: 'b' }))).toBe('abc')
})

test('a move that the service has made already changes nothing', () => {
  const move = { id: 'a', after: 'c' }
  const once = moved(list('abcd'), move)
  expect(text(moved(once, move))).toBe(text(once))
})

test('names the neighbour for every place', () => {
  for (const id of 'abcd')
    for (const index of [0, 1, 2, 3])
      expect(moved(list('abcd'), moveTo(list('abcd'), id, index)).findIndex((one) => one.id === id)).toBe(index)
  expect(moveTo(list('abcd'), 'a', 99)).toEqual({ id: 'a', after: 'd' })
  expect(moveTo(list('abcd'), 'c', -1)).toEqual({ id: 'c', after: null })
})

test('a drop into a list that has changed meanwhile goes behind the next one that still waits', () => {
  expect(renewed(list('abcd'), { id: 'd', after: 'b' }, list('acd'))).toEqual({ id: 'd', after: 'a' })
  expect(renewed(list('abcd'), { id: 'd', after: 'a' }, list('bcd'))).toEqual({ id: 'd', after: null })
  expect(renewed(list('abcd'), { id: 'd', after: 'a' }, list('abcde'))).toEqual({ id: 'd', after: 'a' })
  expect(renewed(list('abcd'), { id: 'a', after: 'c' }, list('bcd'))).toBeUndefined()
})

test('places among all users follow the order, or are not told while some are unknown', () => {
  const at = (place: number | null) => ({ queue_position: place })
  expect(placesOf([at(7), at(2), at(5)])).toEqual([2, 5, 7])
  expect(placesOf([at(7), at(null)])).toEqual([null, null])
})
