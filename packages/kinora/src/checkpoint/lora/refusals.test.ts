// What is said about files that are no adapter, are damaged, belong to another model, or cannot be merged.

import { truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adapterFolder, complaint, matrix, number, SPATIAL } from '../../../test/support/adapter.ts'
import { type Tensor, tensor } from '../../tensor/tensor.ts'

const folder = adapterFolder()

describe('files that cannot be merged', () => {
  const q = `${SPATIAL}.to_q`

  it.each([
    ['.lora_magnitude_vector.weight', 'a DoRA'],
    ['.dora_scale', 'a DoRA'],
    ['.lora_mid.weight', 'Tucker'],
    ['.hada_w1_a', 'a LoHa'],
    ['.lokr_w2_b', 'a LoKr'],
    ['.oft_blocks', 'an OFT'],
    ['.lora_B.bias', 'biases of its own'],
  ])('%s: %s', async (end, kind) => {
    const file = folder.write('a.safetensors', { [`unet.${q}.lora_A.weight`]: matrix(2, 8), [`unet.${q}${end}`]: matrix(8) })
    expect(await complaint(file)).toMatch(new RegExp(`ROOT/a.safetensors is .*${kind}.*unet\\.`))
  })

  it.each<[string, Record<string, Tensor>, string]>([
    ['an empty file', {}, 'ROOT/a.safetensors is empty'],
    [
      'a model',
      { 'conv_in.weight': matrix(8, 4, 3, 3), 'conv_in.bias': matrix(8) },
      'is no adapter, its 2 tensors are named conv_in.weight',
    ],
    ['a stray tensor', { [`${q}.lora_A.weight`]: matrix(2, 8), extra: matrix(1) }, '1 tensors that belong to no LoRA among its 2: extra'],
    ['half a pair', { [`${q}.lora_A.weight`]: matrix(2, 8) }, `${q}.lora_A.weight has no up matrix beside it`],
    [
      'an alpha alone',
      { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2), 'conv_in.alpha': number(1) },
      'conv_in.alpha belongs to no matrices',
    ],
    [
      'trained biases',
      { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2), 'conv_in.bias': matrix(8) },
      'holds trained biases (conv_in.bias)',
    ],
    ['rank 0', { [`${q}.lora_A.weight`]: matrix(0, 8), [`${q}.lora_B.weight`]: matrix(8, 0) }, 'has rank 0'],
    [
      'an alpha that is no number',
      { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2), [`${q}.alpha`]: number(Number.NaN) },
      'is NaN',
    ],
    [
      'an alpha of many numbers',
      { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2), [`${q}.alpha`]: matrix(3) },
      'is [3], not one number',
    ],
    ['integers', { [`${q}.lora_A.weight`]: tensor('int8', [2, 8]), [`${q}.lora_B.weight`]: matrix(8, 2) }, 'lora_A.weight is I8'],
    [
      'one part twice',
      { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora.down.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2) },
      'are the same part',
    ],
    [
      'two changes of one module',
      { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2), [`${q}.diff`]: matrix(8, 8) },
      `are both for ${q}.weight`,
    ],
  ])('%s', async (_, tensors, words) => {
    expect(await complaint(folder.write('a.safetensors', tensors))).toContain(words)
  })

  it('an adapter of another model: its prompt is 768 wide', async () => {
    const k = `${SPATIAL.replace('attn1', 'attn2').replaceAll('.', '_')}_to_k`
    const file = folder.write('sd15.safetensors', {
      [`lora_unet_${k}.lora_down.weight`]: matrix(4, 768),
      [`lora_unet_${k}.lora_up.weight`]: matrix(8, 4),
    })
    expect(await complaint(file)).toBe(
      `ROOT/sd15.safetensors does not fit ${SPATIAL.replace('attn1', 'attn2')}.to_k.weight [8, 16]: its up matrix is [8, 4] and its down matrix [4, 768]; it was made for another model`,
    )
  })

  it('ranks of the two matrices that differ', async () => {
    const file = folder.write('a.safetensors', { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 3) })
    expect(await complaint(file)).toContain('its up matrix is [8, 3] and its down matrix [2, 8]')
  })

  it('modules that the model does not have: the first few, and how many', async () => {
    const names = [...Array(5).keys()].map((i) => `lora_unet_single_blocks_${i}_linear1`)
    const tensors = Object.fromEntries(
      names.flatMap((name) => [
        [`${name}.lora_down.weight`, matrix(2, 8)],
        [`${name}.lora_up.weight`, matrix(8, 2)],
      ]),
    )
    expect(await complaint(folder.write('a.safetensors', tensors))).toBe(
      'ROOT/a.safetensors is for modules that this model does not have, 5 of its 5: lora_unet_single_blocks_0_linear1.lora_up.weight, ' +
        'lora_unet_single_blocks_1_linear1.lora_up.weight, lora_unet_single_blocks_2_linear1.lora_up.weight and 2 more; it was made for another model',
    )
  })

  it('a truncated file', async () => {
    const file = folder.write('a.safetensors', { [`${q}.lora_A.weight`]: matrix(2, 8), [`${q}.lora_B.weight`]: matrix(8, 2) })
    truncateSync(file, 300)
    expect(await complaint(file)).toMatch(/truncated|damaged/)
  })
})
