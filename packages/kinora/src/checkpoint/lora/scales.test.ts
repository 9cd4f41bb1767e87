// The scale of each module: alphas beside the matrices, PEFT's config, diffusers' metadata, the user's factor.

import { describe, expect, it } from 'vitest'
import { adapterFolder, changes, complaint, matrix, number, SPATIAL, smallCheckpoint, TEXT } from '../../../test/support/adapter.ts'
import { ArgumentError } from '../../errors.ts'
import { tensor } from '../../tensor/tensor.ts'
import { applyLoras } from './apply.ts'
import { openLora } from './open.ts'

const folder = adapterFolder()

describe('scales', () => {
  const q = `${SPATIAL}.to_q`
  const pair = (module: string) => ({ [`${module}.lora_A.weight`]: matrix(2, 8), [`${module}.lora_B.weight`]: matrix(8, 2) })
  const peft = (config: object) => {
    const file = folder.write('adapter_model.safetensors', {
      ...pair(`base_model.model.${q}`),
      ...pair(`base_model.model.${SPATIAL}.to_k`),
    })
    folder.write('adapter_config.json', JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 8, ...config }))
    return file
  }
  const both = (a: number, b: number) => ({ [`${q}.weight`]: [a], [`${SPATIAL}.to_k.weight`]: [b] })

  it.each([
    ['alpha / r', {}, both(4, 4)],
    ['rank-stabilised', { use_rslora: true }, both(8 / Math.sqrt(2), 8 / Math.sqrt(2))],
    ['a pattern by the end of the path', { alpha_pattern: { 'attn1.to_q': 1 } }, both(0.5, 4)],
    ['a pattern by the whole path', { alpha_pattern: { [`^${q}`]: 3, '^to_k': 5 } }, both(1.5, 4)],
    ['a rank by its pattern', { r: 4, rank_pattern: { to_q: 2, to_k: 2 } }, both(4, 4)],
    [
      'options that say nothing',
      { bias: 'none', modules_to_save: null, use_dora: false, loftq_config: {}, target_modules: ['to_q'] },
      both(4, 4),
    ],
  ])('PEFT: %s', async (_, config, want) => {
    expect(await changes(peft(config), 'unet')).toEqual(want)
    expect(await changes(folder.root, 'unet')).toEqual(want)
  })

  it.each([
    [{ peft_type: 'LOHA' }, 'has peft_type LOHA'],
    [{ use_dora: true }, 'has use_dora true'],
    [{ fan_in_fan_out: true }, 'has fan_in_fan_out true'],
    [{ bias: 'all' }, 'has bias all'],
    [{ modules_to_save: ['conv_in'] }, 'has modules_to_save [conv_in]'],
    [{ init_lora_weights: 'pissa_niter_4' }, 'has init_lora_weights pissa_niter_4'],
    [{ r: 4 }, `gives ${q} the rank 4, its tensors have rank 2`],
    [{ r: 0 }, 'has r 0'],
    [{ lora_alpha: 'large' }, 'has lora_alpha large'],
    [{ alpha_pattern: { '(a+)+$': 1 } }, 'has the alpha_pattern (a+)+$; Kinora reads module paths'],
    [{ rank_pattern: { to_q: null } }, 'has rank_pattern of to_q null'],
  ])('PEFT: %j is refused by name', async (config, words) => {
    expect(await complaint(peft(config))).toContain(`ROOT/adapter_config.json ${words}`)
  })

  it('PEFT without its config has no scale', async () => {
    expect(await complaint(folder.write('a.safetensors', pair(`base_model.model.${q}`)))).toContain('no adapter_config.json beside it')
  })

  it.each([
    ['kohya', `lora_unet_${q.replaceAll('.', '_')}`, '.lora_down', '.lora_up', '.alpha'],
    ['diffusers', `unet.${q}`, '.lora.down', '.lora.up', '.alpha'],
    ['attention processors', `${SPATIAL}.processor.to_q`, '_lora.down', '_lora.up', '_lora.alpha'],
  ])('%s: alpha beside the matrices', async (_, module, down, up, alpha) => {
    for (const value of [number(3), tensor('float16', [1], Uint16Array.of(0x4200)), tensor('bfloat16', [], Uint16Array.of(0x4040))]) {
      const tensors = { [`${module}${down}.weight`]: matrix(2, 8), [`${module}${up}.weight`]: matrix(8, 2), [module + alpha]: value }
      expect(await changes(folder.write('a.safetensors', tensors), 'unet', 2)).toEqual({ [`${q}.weight`]: [3] })
    }
  })

  it('diffusers: the config in the metadata, each component its own', async () => {
    const tensors = {
      ...pair(`unet.${q}`),
      [`text_encoder.${TEXT}.q_proj.lora_A.weight`]: matrix(2, 16),
      [`text_encoder.${TEXT}.q_proj.lora_B.weight`]: matrix(16, 2),
    }
    const config = {
      'unet.peft_type': 'LORA',
      'unet.r': 2,
      'unet.lora_alpha': 6,
      'text_encoder.peft_type': 'LORA',
      'text_encoder.r': 2,
      'text_encoder.lora_alpha': 1,
    }
    const file = folder.write('pytorch_lora_weights.safetensors', tensors, { lora_adapter_metadata: JSON.stringify(config) })
    expect(await changes(file, 'unet')).toEqual({ [`${q}.weight`]: [3] })
    expect(await changes(file, 'text_encoder')).toEqual({ [`${TEXT}.q_proj.weight`]: [0.5] })
    expect((await openLora(file)).description).toMatchObject({ modules: 2, ranks: [2], alphas: [1, 6] })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])('a scale of %s is refused', async (scale) => {
    const lora = await openLora(folder.write('a.safetensors', pair(q)))
    const checkpoint = await smallCheckpoint()
    expect(() => applyLoras(checkpoint, [{ lora, scale }])).toThrow(ArgumentError)
  })
})
