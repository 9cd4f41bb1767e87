// Values that a JSON schema allows, and values like them that it may not, as fast-check's arbitraries: the requests of
// the contract test come from the service's own document.

import fc from 'fast-check'
import { withoutRef } from '../../src/http/docs-schema.ts'
import type { Document, JsonSchema } from '../../src/http/document.ts'

export type Json = fc.JsonValue
/** By a field's name: values that mean something, so that more than the first check is passed. */
export type Hints = Readonly<Record<string, readonly Json[]>>

/** Letters of every kind: combined, right to left, outside the basic plane, controls, and half a surrogate pair. */
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff',
  '\u202eabc',
  'e\u0301',
  '\u{1f43c}\u200d\u{1f43c}',
  '\r\n',
  '%',
  '../..',
  "'; --",
  '\ufeff',
  'İ',
]
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
)
const ODD_NUMBERS = [-1, -0, 0.5, 1e-7, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1e308]

/** Anything at all. */
const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  text,
  fc.constantFrom<Json>(...ODD_NUMBERS, null, true, [], {}, [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]], 'x'.repeat(3000)),
)

export function allowed(schema: JsonSchema, document: Document, hints: Hints, name = ''): fc.Arbitrary<Json> {
  const whole = withoutRef(schema, document)
  const plain = typed(whole, document, hints, name)
  const hinted = hints[name]
  return hinted ? fc.oneof({ weight: 1, arbitrary: plain }, { weight: 4, arbitrary: fc.constantFrom(...hinted) }) : plain
}

/** An allowed value with something in it replaced, left out or added. */
export function changed(schema: JsonSchema, document: Document, hints: Hints): fc.Arbitrary<Json> {
  return fc
    .tuple(allowed(schema, document, hints), fc.nat(), anything, fc.constantFrom('replace', 'remove', 'add', 'all'))
    .map(([value, at, other, how]) => {
      if (how === 'all' || typeof value !== 'object' || value === null || Array.isArray(value)) return other
      const known = Object.keys(withoutRef(schema, document).properties ?? value)
      const key = known[at % Math.max(1, known.length)] ?? 'x'
      if (how === 'remove') return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
      return { ...value, [how === 'add' ? `x_${at}` : key]: other }
    })
}

function typed(schema: JsonSchema, document: Document, hints: Hints, name: string): fc.Arbitrary<Json> {
  const choices = schema.anyOf ?? schema.oneOf
  if (schema.const !== undefined) return fc.constantFrom(schema.const as Json)
  if (schema.enum) return fc.constantFrom(...(schema.enum as Json[]))
  if (choices) return fc.oneof(...choices.map((choice) => allowed(choice, document, hints, name)))
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  return types.length === 0 ? anything : fc.oneof(...types.map((type) => ofType(type, schema, document, hints)))
}

function ofType(type: string, schema: JsonSchema, document: Document, hints: Hints): fc.Arbitrary<Json> {
  switch (type) {
    case 'string':
      return stringOf(schema)
    case 'integer':
      return fc.oneof(fc.integer(between(schema, 1000)), fc.maxSafeInteger().filter(within(schema)))
    case 'number':
      return fc.oneof(fc.integer(between(schema, 1000)), fc.double({ noNaN: true, noDefaultInfinity: true }).filter(within(schema)))
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(schema.items ? allowed(schema.items, document, hints) : anything, { maxLength: 3 })
    case 'object':
      return objectOf(schema, document, hints)
    default:
      return fc.constant(null)
  }
}

function stringOf({ pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (pattern !== undefined && !/\(\?[=!<]/.test(pattern)) return fc.stringMatching(new RegExp(pattern, 'u'))
  return text.map((some) => some.padEnd(minLength, 'x').slice(0, maxLength))
}

function objectOf(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  document: Document,
  hints: Hints,
): fc.Arbitrary<Json> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, allowed(field, document, hints, name)]))
  const optional = Object.keys(fields).filter((name) => !required.includes(name))
  // A few of many, since one that is out of range hides what becomes of the others.
  const record = fc.subarray(optional, { maxLength: Math.min(4, optional.length) }).chain((more) => {
    const names = [...required, ...more].filter((name) => fields[name])
    return fc.record(Object.fromEntries(names.map((name) => [name, fields[name]!]))) as fc.Arbitrary<Record<string, Json>>
  })
  if (typeof additionalProperties !== 'object') return record
  const others = fc.dictionary(text, allowed(additionalProperties, document, hints), { maxKeys: 3 })
  return fc.tuple(record, others).map(([own, more]) => ({ ...more, ...own }))
}

function between({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema, wide: number): { min: number; max: number } {
  const min = Math.ceil(minimum ?? (exclusiveMinimum === undefined ? -wide : exclusiveMinimum + 1))
  return { min, max: Math.max(min, Math.floor(maximum ?? (exclusiveMaximum === undefined ? min + 2 * wide : exclusiveMaximum - 1))) }
}

function within({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): (value: number) => boolean {
  return (value) =>
    value >= (minimum ?? -Infinity) &&
    value <= (maximum ?? Infinity) &&
    value > (exclusiveMinimum ?? -Infinity) &&
    value < (exclusiveMaximum ?? Infinity)
}
