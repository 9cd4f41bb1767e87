import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkTexts } from './text.ts'

const BAD = fc.constantFrom('\0', 'a\0b', '\ud800', 'x\udc00y', '\udfff\ud800')

test('takes all that PostgreSQL stores as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 3 }), (value) => {
      fc.pre(!/\\u0000|\0/.test(JSON.stringify(value)))
      expect(() => checkTexts(value)).not.toThrow()
    }),
  )
})

test('finds a bad text wherever it is, as value or key, and names the field', () => {
  fc.assert(
    fc.property(BAD, fc.jsonValue(), fc.boolean(), (bad, other, asKey) => {
      const inner = asKey ? { [bad]: other } : [other, [bad]]
      const good = typeof other === 'string' || JSON.stringify(other).includes('\\u0000') ? null : other
      expect(() => checkTexts({ good, field: [{ inner }] })).toThrow(
        expect.objectContaining({ status: 400, code: 'invalid_text', param: 'field' }),
      )
    }),
  )
})

test('refuses what is nested too deeply', () => {
  let deep: unknown = 'x'
  for (let i = 0; i < 100_000; i++) deep = [deep]
  expect(() => checkTexts({ deep })).toThrow('nested more than 16')
})

test('names no field whose name is bad itself', () => {
  expect(() => checkTexts({ 'a\0': 1 })).toThrow(expect.objectContaining({ param: undefined }))
})
