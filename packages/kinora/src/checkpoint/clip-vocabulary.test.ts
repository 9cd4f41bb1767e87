// The bundled vocabulary is that of the published checkpoints: the same bytes, by the hashes that
// huggingface.co shows for text-to-video-ms-1.7b. What it tokenizes to stands in test/conformance.

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { readClipMerges } from './clip-merges.node.ts'
import { CLIP_VOCABULARY_SIZE, clipTokenizerFiles } from './clip-vocabulary.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

it('has the published merges.txt and vocab.json', async () => {
  const { vocab, merges } = await clipTokenizerFiles()
  expect(sha256(await readClipMerges())).toBe('9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a')
  expect(merges).toHaveLength(48_894)
  expect(Object.keys(vocab)).toHaveLength(CLIP_VOCABULARY_SIZE)
  const sorted = Object.keys(vocab).sort() // by UTF-16 units, as the published file is
  const lines = sorted.map((token) => `  ${JSON.stringify(token)}: ${vocab[token]}`)
  expect(sha256(`{\n${lines.join(',\n')}\n}\n`)).toBe('e089ad92ba36837a0d31433e555c8f45fe601ab5c221d4f607ded32d9f7a4349')
})

it('has the special tokens of the family', async () => {
  const { vocab, specialTokens, config } = await clipTokenizerFiles()
  expect(specialTokens.pad_token).toBe('!')
  expect([vocab['!'], vocab['<|startoftext|>'], vocab['<|endoftext|>']]).toEqual([0, 49_406, 49_407])
  expect(config.model_max_length).toBe(77)
})
