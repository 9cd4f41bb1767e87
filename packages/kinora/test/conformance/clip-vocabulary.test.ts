// The tokenizer of checkpoints that bring none, against the ids that transformers' CLIPTokenizer gave for the published files of
// the same vocabulary. Padding is id 0 up to 77 ids, as OpenCLIP pads.

import { expect, test } from 'vitest'
import { clipTokenizerFiles } from '../../src/checkpoint/clip-vocabulary.ts'
import { ClipTokenizer } from '../../src/tokenizer/clip.ts'

const tokenizer = ClipTokenizer.fromFiles(await clipTokenizerFiles())

test.each<[string, number[]]>([
  ['Spiderman is surfing', [18427, 533, 15762]],
  ['', []],
  ['A dog!', [320, 1929, 0]],
  [
    'a high-quality 4k video of a panda eating bamboo on a rock, cinematic',
    [320, 1400, 268, 3027, 275, 330, 1455, 539, 320, 12952, 4371, 16748, 525, 320, 2172, 267, 25602],
  ],
  ['naïve café — 東京の夜 🎬', [1097, 35689, 563, 15304, 2005, 48338, 21078, 105, 21575, 23170, 506, 18150]],
  ["it's 1999 & they've won't ...", [585, 568, 272, 280, 280, 280, 261, 889, 1200, 1749, 713, 678]],
  [`${'x'.repeat(300)} word word`, [...Array<number>(74).fill(32035), 22819]],
])('%s', (prompt, ids) => {
  const expected = [49406, ...ids, 49407]
  expect(tokenizer.encode(prompt).ids).toEqual([...expected, ...Array<number>(77 - expected.length).fill(0)])
})
