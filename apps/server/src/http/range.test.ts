import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namesTag, parseRange } from './range.ts'

test('ranges as players send them', () => {
  expect(parseRange('bytes=0-', 10)).toEqual({ start: 0, end: 9 })
  expect(parseRange('bytes=2-4', 10)).toEqual({ start: 2, end: 4 })
  expect(parseRange('bytes=9-9', 10)).toEqual({ start: 9, end: 9 })
  expect(parseRange('bytes=5-99', 10)).toEqual({ start: 5, end: 9 })
  expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, end: 9 })
  expect(parseRange('bytes=-99', 10)).toEqual({ start: 0, end: 9 })
  expect(parseRange('Bytes = 1 - 2', 10)).toEqual({ start: 1, end: 2 })
})

test('beyond the file is refused; what is no range, or several, means the whole', () => {
  for (const beyond of ['bytes=10-', 'bytes=10-12', 'bytes=-0']) expect(parseRange(beyond, 10)).toBe('unsatisfiable')
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
  for (const other of [
    undefined,
    '',
    'bytes',
    'bytes=-',
    'bytes=4-2',
    'bytes=a-b',
    'lines=1-2',
    'bytes=0-1,4-5',
    `bytes=${'9'.repeat(40)}-`,
  ])
    expect(parseRange(other, 10)).toBeUndefined()
})

test('a range lies within the file, whatever is sent', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat().map((n) => `bytes=-${n}`),
  )
  fc.assert(
    fc.property(header, fc.nat({ max: 1000 }), (text, size) => {
      const range = parseRange(text, size)
      if (range === undefined || range === 'unsatisfiable') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThan(size)
    }),
  )
})

test('tags', () => {
  expect(namesTag('"a"', '"a"')).toBe(true)
  expect(namesTag('W/"a"', '"a"')).toBe(true)
  expect(namesTag('"b", W/"a" ', '"a"')).toBe(true)
  expect(namesTag(' * ', '"a"')).toBe(true)
  for (const other of [undefined, '', 'a', '"ab"', '"b"']) expect(namesTag(other, '"a"')).toBe(false)
})
