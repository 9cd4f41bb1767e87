// The rename tables, name by name.

import { expect, it } from 'vitest'
import { clipKeys } from './clip.ts'
import { vaeKeys } from './diffusers-vae-legacy.ts'

const A = 'decoder.mid_block.attentions.0'

it.each([
  [`${A}.query.weight`, [8, 8], `${A}.to_q.weight`, [8, 8]],
  [`${A}.key.bias`, [8], `${A}.to_k.bias`, [8]],
  ['encoder.mid_block.attentions.0.value.weight', [8, 4, 1, 1], 'encoder.mid_block.attentions.0.to_v.weight', [8, 4]],
  [`${A}.proj_attn.weight`, [8, 8, 1, 1], `${A}.to_out.0.weight`, [8, 8]],
  [`${A}.to_out.0.bias`, [8], `${A}.to_out.0.bias`, [8]],
  [`${A}.to_q.weight`, [8, 8, 1, 1], `${A}.to_q.weight`, [8, 8]],
  [`${A}.group_norm.weight`, [8], `${A}.group_norm.weight`, [8]],
  ['quant_conv.weight', [8, 8, 1, 1], 'quant_conv.weight', [8, 8, 1, 1]],
  [`${A}.query.weight`, [8, 8, 3, 3], `${A}.to_q.weight`, [8, 8, 3, 3]],
  ['other.key.weight', [2], 'other.key.weight', [2]],
])('vae %s %j', (name, shape, renamed, reshaped) => {
  expect(vaeKeys(name, shape)).toEqual({ name: renamed, shape: reshaped })
})

it.each([
  ['text_model.encoder.layers.0.mlp.fc1.bias', 'encoder.layers.0.mlp.fc1.bias'],
  ['encoder.layers.0.mlp.fc1.bias', 'encoder.layers.0.mlp.fc1.bias'],
  ['text_model.final_layer_norm.weight', 'final_layer_norm.weight'],
  ['text_projection.weight', 'text_projection.weight'],
])('clip %s', (name, renamed) => {
  expect(clipKeys(name, [4])).toEqual({ name: renamed, shape: [4] })
})

it.each(['text_model.embeddings.position_ids', 'embeddings.position_ids'])('clip drops %s', (name) => {
  expect(clipKeys(name, [1, 77])).toBeUndefined()
})
