import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nestFields } from './form.ts'

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const nested = (...fields: [string, unknown][]) => plain(nestFields(fields))

describe('nestFields', () => {
  test.each<[string, [string, unknown][], unknown]>([
    [
      'plain fields',
      [
        ['prompt', 'a'],
        ['seconds', '4'],
      ],
      { prompt: 'a', seconds: '4' },
    ],
    ['an object', [['input_reference[image_url]', 'data:']], { input_reference: { image_url: 'data:' } }],
    [
      'a list',
      [
        ['lora[]', 'a'],
        ['lora[]', 'b'],
      ],
      { lora: ['a', 'b'] },
    ],
    [
      'a list of objects, each begun by a field that the last one has',
      [
        ['lora[][name]', 'a'],
        ['lora[][scale]', '1'],
        ['lora[][name]', 'b'],
        ['lora[][scale]', '2'],
      ],
      {
        lora: [
          { name: 'a', scale: '1' },
          { name: 'b', scale: '2' },
        ],
      },
    ],
    [
      'a part that is JSON',
      [
        ['lora', [{ name: 'a' }]],
        ['prompt', 'x'],
      ],
      { lora: [{ name: 'a' }], prompt: 'x' },
    ],
    [
      'names of Object.prototype',
      [
        ['toString', '1'],
        ['constructor[name]', '2'],
      ],
      { toString: '1', constructor: { name: '2' } },
    ],
    ['nothing', [], {}],
  ])('%s', (_, fields, expected) => {
    expect(nested(...fields)).toEqual(expected)
  })

  test.each<[string, [string, unknown][]]>([
    [
      'twice the same',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    [
      'plain, then nested',
      [
        ['a', '1'],
        ['a[b]', '2'],
      ],
    ],
    [
      'nested, then plain',
      [
        ['a[b]', '1'],
        ['a', '2'],
      ],
    ],
    [
      'a list, then an object',
      [
        ['a[]', '1'],
        ['a[b]', '2'],
      ],
    ],
    [
      'an object, then a list',
      [
        ['a[b]', '1'],
        ['a[]', '2'],
      ],
    ],
    ['a list of lists', [['a[][]', '1']]],
    [
      'into a JSON part',
      [
        ['a', { b: 1 }],
        ['a[c]', '2'],
      ],
    ],
    ['no name', [['', '1']]],
    ['an open bracket', [['a[b', '1']]],
    ['words between brackets', [['a[b]c[d]', '1']]],
    ['too deep', [['a[b][c][d][e]', '1']]],
    ['too many', Array.from({ length: 201 }, (_, i) => [`a${i}`, '1'] as [string, unknown])],
  ])('refuses %s', (_, fields) => {
    expect(() => nestFields(fields)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_form' }))
  })

  test('no name reaches a prototype', () => {
    const polluted = () => ({}) as { polluted?: unknown }
    nestFields([
      ['__proto__[polluted]', 'yes'],
      ['constructor[prototype][polluted]', 'yes'],
      ['a[__proto__][polluted]', 'yes'],
      ['b[][__proto__]', 'yes'],
    ])
    expect(polluted().polluted).toBeUndefined()
    expect(Object.getPrototypeOf(nestFields([['__proto__', 'x']]))).toBeNull()
    expect(() =>
      nestFields([
        ['a', JSON.parse('{"__proto__": {}}')],
        ['a[__proto__][polluted]', 'yes'],
      ]),
    ).toThrow('nested here')
  })

  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/)
  const flat = fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 3 })
  const form = fc.dictionary(
    name,
    fc.oneof(
      fc.string(),
      flat,
      fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
      // Objects of one list have the same fields: otherwise two that lack one in turn would be read as one.
      fc.uniqueArray(name, { minLength: 1, maxLength: 3 }).chain((keys) =>
        fc.array(
          fc.tuple(...keys.map(() => fc.string())).map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i]!]))),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
      ),
    ),
    { maxKeys: 8 },
  )

  test('gives back what the openai client flattens', () => {
    fc.assert(
      fc.property(form, (value) => {
        const back = nestFields(Object.entries(value).flatMap(([key, inner]) => [...flattened(key, inner)]))
        expect(plain(back)).toEqual(plain(value))
      }),
    )
  })

  test('takes any names without another error than its own, and never changes Object.prototype', () => {
    const part = fc.oneof(name, fc.constantFrom('__proto__', 'constructor', 'prototype', '', '[', ']'), fc.string({ maxLength: 4 }))
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map(([head, ...rest]) => head + rest.map((inner) => `[${inner}]`).join(''))
    const before = Object.getOwnPropertyNames(Object.prototype)
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.oneof(fc.string(), fc.jsonValue())), { maxLength: 12 }), (fields) => {
        try {
          nestFields(fields)
        } catch (error) {
          expect(error).toMatchObject({ name: 'ServerError', status: 400 })
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
      }),
    )
  })
})

function* flattened(path: string, value: unknown): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value]
  else if (Array.isArray(value)) for (const inner of value) yield* flattened(`${path}[]`, inner)
  else for (const [key, inner] of Object.entries(value as object)) yield* flattened(`${path}[${key}]`, inner)
}
