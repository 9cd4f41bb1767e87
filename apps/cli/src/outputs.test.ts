// Names of output files: every item gets its own, whatever the prompt holds.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outputPath, slug } from './outputs.ts'

const item = { number: 3, prompt: 'A Red, red circle!', seed: '18446744073709551615' }

describe('outputPath', () => {
  test.each([
    ['a.mp4', false, 'a.mp4'],
    ['clips/a.mp4', true, 'clips/a-0003-a-red-red-circle.mp4'],
    ['a.tar.gif', true, 'a.tar-0003-a-red-red-circle.gif'],
    ['frames/', true, 'frames-0003-a-red-red-circle/'],
    ['{n}/{slug}-{seed}.webm', false, '0003/a-red-red-circle-18446744073709551615.webm'],
    ['{name}.gif', false, '{name}.gif'],
  ])('%s (several: %s) -> %s', (pattern, several, expected) => {
    expect(outputPath(pattern, item, several)).toBe(expected)
  })
})

describe('slug', () => {
  test.each([
    ['', 'video'],
    ['?!', 'video'],
    ['../../etc/passwd', 'etc-passwd'],
    ['Ein schöner Tag', 'ein-schöner-tag'],
    ['一只猫 在跑', '一只猫-在跑'],
    ['a panda eating bamboo on a rock in the morning sun', 'a-panda-eating-bamboo-on-a-rock-in-the'],
  ])('%s -> %s', (prompt, expected) => {
    expect(slug(prompt)).toBe(expected)
  })

  test('is always one short file name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (prompt) => {
        const name = slug(prompt)
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}-]+$/u)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160)
      }),
    )
  })
})
