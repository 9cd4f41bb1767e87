// The notation, what is not notation, and that no string is too odd.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LARGEST_WEIGHT, parsePromptWeights } from './prompt-weights.ts'

const UP = 1.1
const DOWN = 1 / 1.1

describe('parsePromptWeights', () => {
  it.each<[string, [string, number][]]>([
    ['a red circle', [['a red circle', 1]]],
    ['', [['', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', UP],
        [' word', 1],
      ],
    ],
    [
      'a [faint] word',
      [
        ['a ', 1],
        ['faint', DOWN],
        [' word', 1],
      ],
    ],
    [
      'a (red:1.3) circle',
      [
        ['a ', 1],
        ['red', 1.3],
        [' circle', 1],
      ],
    ],
    [
      '(red: -0.5 )(blue:+.25)(green:0)',
      [
        ['red', -0.5],
        ['blue', 0.25],
        ['green', 0],
      ],
    ],
    [
      '((a) (b:2))',
      [
        ['a', UP * UP],
        [' ', UP],
        ['b', UP * 2],
      ],
    ],
    ['([a])b', [['ab', 1]]],
    ['(a)(b)', [['ab', UP]]],
    [
      '[a (b] c)',
      [
        ['a ', DOWN],
        ['b', 1],
        [' c', UP],
      ],
    ],
    // Escapes.
    [String.raw`\(a\) \[b\] c\\d`, [[String.raw`(a) [b] c\d`, 1]]],
    [
      String.raw`(a\:2) (b\)c:2)`,
      [
        ['a:2', UP],
        [' ', 1],
        ['b)c', 2],
      ],
    ],
    [String.raw`C:\dir`, [['C:dir', 1]]],
    // Unbalanced: to the end, or text.
    [
      'a (b c',
      [
        ['a ', 1],
        ['b c', UP],
      ],
    ],
    ['a) b] c:1.3) d', [['a) b] c:1.3) d', 1]]],
    ['(a]', [['a]', UP]]],
    ['[a:1.5)', [['a:1.5)', DOWN]]],
    // No weights.
    [
      '(a:nan) (b:inf) (c:1.2.3)(:)',
      [
        ['a:nan', UP],
        [' ', 1],
        ['b:inf', UP],
        [' ', 1],
        ['c:1.2.3:', UP],
      ],
    ],
    [
      '4:3, 16:9 (at 12:30 h)',
      [
        ['4:3, 16:9 ', 1],
        ['at 12:30 h', UP],
      ],
    ],
    ['()(:5)', [['', 1]]],
    // Bounds.
    [
      '(a:11)(b:-99)',
      [
        ['a', LARGEST_WEIGHT],
        ['b', -LARGEST_WEIGHT],
      ],
    ],
    [`(((a:${'9'.repeat(400)})))`, [['a', LARGEST_WEIGHT]]],
    [`${'('.repeat(20_000)}a:0)`, [['a', 0]]],
    [`${'['.repeat(20_000)}a`, [['a', 0]]],
  ])('%s', (prompt, expected) => {
    const pieces = parsePromptWeights(prompt)
    expect(pieces.map(({ text }) => text)).toEqual(expected.map(([text]) => text))
    for (const [i, [, weight]] of expected.entries()) expect(pieces[i]!.weight).toBeCloseTo(weight, 12)
  })

  const odd = fc
    .array(
      fc.oneof(
        fc.constantFrom('(', ')', '[', ']', ':', '\\', ':1.3)', ':-2)', '.', ' ', '\uD800', '🐼', 'BREAK'),
        fc.string({ unit: 'binary', maxLength: 5 }),
      ),
    )
    .map((parts) => parts.join(''))

  it('never throws; weights are bounded and neighbours differ', () => {
    fc.assert(
      fc.property(odd, (prompt) => {
        const pieces = parsePromptWeights(prompt)
        expect(pieces.length).toBeGreaterThan(0)
        for (const [i, { weight, text }] of pieces.entries()) {
          expect(Math.abs(weight)).toBeLessThanOrEqual(LARGEST_WEIGHT)
          expect(weight).not.toBe(pieces[i + 1]?.weight)
          expect(text !== '' || pieces.length === 1).toBe(true)
        }
      }),
    )
  })

  it('keeps every character that is not markup, in order', () => {
    const bare = (text: string) => text.replace(/[()[\]:\\\s\d.+-]/g, '')
    fc.assert(
      fc.property(odd, (prompt) => {
        const text = parsePromptWeights(prompt)
          .map((piece) => piece.text)
          .join('')
        expect(bare(text)).toBe(bare(prompt))
      }),
    )
  })

  it('gives back what was escaped, with the weight around it', () => {
    const escaped = (text: string) => text.replace(/[()[\]:\\]/g, '\\$&')
    fc.assert(
      fc.property(odd, odd, fc.integer({ min: -100, max: 100 }), (before, inside, tenths) => {
        const weight = tenths / 10
        const pieces = parsePromptWeights(`${escaped(before)}(${escaped(inside)}:${weight})`)
        const expected = [
          { text: before, weight: 1 },
          { text: inside, weight },
        ].filter(({ text }) => text !== '')
        if (expected.length === 2 && weight !== 1) expect(pieces).toEqual(expected)
        else expect(pieces.map(({ text }) => text).join('')).toBe(before + inside)
      }),
    )
  })
})
