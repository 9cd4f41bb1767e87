// Numbers that Python writes and JSON does not know.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standardJson } from './json.ts'

test('infinities and NaN outside of strings become readable', () => {
  const text = '{"lambda_min_clipped": -Infinity, "max": Infinity, "nothing": NaN, "name": "Infinity and \\" NaN", "list": [1, -Infinity]}'
  expect(JSON.parse(standardJson(text))).toEqual({
    lambda_min_clipped: Number.NEGATIVE_INFINITY,
    max: Number.POSITIVE_INFINITY,
    nothing: null,
    name: 'Infinity and " NaN',
    list: [1, Number.NEGATIVE_INFINITY],
  })
})

test('other JSON stays as it is', () => {
  fc.assert(fc.property(fc.json(), (text) => standardJson(text) === text))
})
