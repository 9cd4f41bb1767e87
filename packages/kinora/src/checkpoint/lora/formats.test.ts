// Every spelling of an adapter's tensors, told by content and matched with the modules of a real checkpoint;
// lists without names; and the places where an adapter may lie.

import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapterFolder, changes, complaint, matrix, SPATIAL, smallCheckpoint, TEXT } from '../../../test/support/adapter.ts'
import { torchZip } from '../../../test/support/torch-file.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { LowRankDelta } from '../weights.ts'
import { applyLoras } from './apply.ts'
import { openLora } from './open.ts'

const folder = adapterFolder()

describe('names', () => {
  it.each([
    ['diffusers', `unet.${SPATIAL}.to_q.lora_A.weight`, `unet.${SPATIAL}.to_q.lora_B.weight`],
    ['diffusers', `${SPATIAL}.to_q.lora.down.weight`, `${SPATIAL}.to_q.lora.up.weight`],
    ['diffusers', `${SPATIAL}.processor.to_q_lora.down.weight`, `${SPATIAL}.processor.to_q_lora.up.weight`],
    ['diffusers', `unet.${SPATIAL}.to_q_lora.down.weight`, `unet.${SPATIAL}.to_q_lora.up.weight`],
    [
      'kohya',
      `lora_unet_${SPATIAL.replaceAll('.', '_')}_to_q.lora_down.weight`,
      `lora_unet_${SPATIAL.replaceAll('.', '_')}_to_q.lora_up.weight`,
    ],
    ['stable-lora', `${SPATIAL}.to_q.lora_A`, `${SPATIAL}.to_q.lora_B`],
    ['stable-lora', 'input_blocks.1.1.transformer_blocks.0.attn1.to_q.lora_A', 'input_blocks.1.1.transformer_blocks.0.attn1.to_q.lora_B'],
  ])('%s: %s', async (format, down, up) => {
    const file = folder.write('a.safetensors', { [down]: matrix(2, 8), [up]: matrix(8, 2) })
    expect((await openLora(file)).format).toBe(format)
    expect(await changes(file, 'unet')).toEqual({ [`${SPATIAL}.to_q.weight`]: [1] })
    expect(await changes(file, 'text_encoder')).toEqual({})
  })

  it.each([
    [
      `text_encoder.text_model.${TEXT}.q_proj.lora_linear_layer.down.weight`,
      `text_encoder.text_model.${TEXT}.q_proj.lora_linear_layer.up.weight`,
    ],
    [`text_encoder.text_model.${TEXT}.to_q_lora.down.weight`, `text_encoder.text_model.${TEXT}.to_q_lora.up.weight`],
    [`text_encoder.${TEXT}.q_proj.lora_A.weight`, `text_encoder.${TEXT}.q_proj.lora_B.weight`],
    [
      'lora_te_text_model_encoder_layers_1_self_attn_q_proj.lora_down.weight',
      'lora_te_text_model_encoder_layers_1_self_attn_q_proj.lora_up.weight',
    ],
    [`text_model.${TEXT}.q_proj.lora_A`, `text_model.${TEXT}.q_proj.lora_B`],
  ])('text encoder: %s', async (down, up) => {
    const file = folder.write('a.safetensors', { [down]: matrix(2, 16), [up]: matrix(16, 2) })
    expect(await changes(file, 'text_encoder')).toEqual({ [`${TEXT}.q_proj.weight`]: [1] })
  })

  it('old names of the output projection, and modules with underscores', async () => {
    const file = folder.write('a.safetensors', {
      [`${SPATIAL}.processor.to_out_lora.down.weight`]: matrix(2, 8),
      [`${SPATIAL}.processor.to_out_lora.up.weight`]: matrix(8, 2),
      'lora_unet_down_blocks_0_resnets_0_time_emb_proj.lora_down.weight': matrix(2, 32),
      'lora_unet_down_blocks_0_resnets_0_time_emb_proj.lora_up.weight': matrix(8, 2),
    })
    expect(Object.keys(await changes(file, 'unet'))).toEqual([`${SPATIAL}.to_out.0.weight`, 'down_blocks.0.resnets.0.time_emb_proj.weight'])
  })

  it('original ModelScope names, whose projections have a third axis', async () => {
    const file = folder.write(
      'a.safetensors',
      {
        'input_blocks.0.1.proj_in.lora_A': matrix(2, 8, 1),
        'input_blocks.0.1.proj_in.lora_B': matrix(64, 2, 1),
        'input_blocks.1.0.temopral_conv.conv1.2.lora_A': matrix(6, 24),
        'input_blocks.1.0.temopral_conv.conv1.2.lora_B': matrix(24, 6),
        'output_blocks.5.3.conv.lora_A': matrix(6, 72),
        'output_blocks.5.3.conv.lora_B': matrix(72, 6),
        'middle_block.3.in_layers.2.lora_A': matrix(3, 72),
        'middle_block.3.in_layers.2.lora_B': matrix(72, 3),
        'conv_in.lora_A': matrix(3, 12),
        'conv_in.lora_B': matrix(24, 3),
      },
      { stable_lora_text_to_video: 'v1' },
    )
    expect(Object.keys(await changes(file, 'unet')).sort()).toEqual([
      'conv_in.weight',
      'down_blocks.0.temp_convs.0.conv1.2.weight',
      'mid_block.resnets.1.conv1.weight',
      'transformer_in.proj_in.weight',
      'up_blocks.1.upsamplers.0.conv.weight',
    ])
  })

  it('embeddings and whole biases of stable_lora, dense changes of kohya', async () => {
    const text = folder.write('text.safetensors', {
      'text_model.embeddings.token_embedding.lora_A': matrix(2, 668),
      'text_model.embeddings.token_embedding.lora_B': matrix(16, 2),
      [`text_model.${TEXT}.q_proj.bias`]: matrix(16),
    })
    expect(await changes(text, 'text_encoder', 0.5)).toEqual({ 'embeddings.token_embedding.weight': [0.5], [`${TEXT}.q_proj.bias`]: [0.5] })
    const unet = folder.write('unet.safetensors', { 'lora_unet_conv_in.diff': matrix(8, 4, 3, 3), 'lora_unet_conv_in.diff_b': matrix(8) })
    expect(await changes(unet, 'unet', -2)).toEqual({ 'conv_in.weight': [-2], 'conv_in.bias': [-2] })
  })

  it('convolutions: a kernel in the down factor, or 1x1 for a matrix', async () => {
    const file = folder.write('a.safetensors', {
      'lora_unet_conv_in.lora_down.weight': matrix(2, 4, 3, 3),
      'lora_unet_conv_in.lora_up.weight': matrix(8, 2, 1, 1),
      'lora_unet_transformer_in_proj_in.lora_down.weight': matrix(2, 8, 1, 1),
      'lora_unet_transformer_in_proj_in.lora_up.weight': matrix(64, 2, 1, 1),
    })
    const entries = applyLoras(await smallCheckpoint(), [{ lora: await openLora(file) }])
      .weights('unet')
      .entries()
    const [delta] = entries.get('conv_in.weight')!.deltas as LowRankDelta[]
    expect([delta!.up.shape, delta!.down.shape]).toEqual([
      [8, 2],
      [2, 36],
    ])
    expect(entries.get('transformer_in.proj_in.weight')!.deltas).toHaveLength(1)
  })
})

describe('lists without names', () => {
  const attention = () => [matrix(8, 2), matrix(2, 8), matrix(8, 2), matrix(2, 8)]

  it('safeloras: target classes from the metadata', async () => {
    const shapes = (await smallCheckpoint()).weights('text_encoder').entries()
    const layers = [...shapes].filter(([name]) => /^encoder\.layers\.\d+\.(?:self_attn|mlp)\..*weight$/.test(name))
    const text = Object.fromEntries(
      layers.flatMap((_, i) => {
        // k, v, q and out projection of the attention, then the feed-forward layer, 16 and 40 wide.
        const [rows, columns] = i % 6 < 4 ? [16, 16] : i % 6 === 4 ? [40, 16] : [16, 40]
        return [
          [`text_encoder:${i}:up`, matrix(rows, 2)],
          [`text_encoder:${i}:down`, matrix(2, columns)],
        ]
      }),
    )
    const file = folder.write('a.safetensors', text, { text_encoder: '["CLIPEncoderLayer"]' })
    expect(Object.keys(await changes(file, 'text_encoder')).sort()).toEqual(layers.map(([name]) => name).sort())
    expect((await openLora(file)).format).toBe('safeloras')
  })

  it.each<[string, Record<string, Tensor>, Record<string, string>, string]>([
    ['a gap', { 'unet:1:up': matrix(8, 2), 'unet:1:down': matrix(2, 8) }, {}, 'has no unet:0:up'],
    ['another model', { 'vae:0:up': matrix(8, 2), 'vae:0:down': matrix(2, 8) }, {}, 'vae:0:up, which is for neither unet nor text_encoder'],
    ['an embedding', { 'unet:0:up': matrix(8, 2), 'unet:0:down': matrix(2, 8), '<s>': matrix(16) }, {}, 'holds <s>'],
    [
      'an unknown class',
      { 'unet:0:up': matrix(8, 2), 'unet:0:down': matrix(2, 8) },
      { unet: '["Mamba"]' },
      'of class Mamba; known are UNet3D',
    ],
    ['damaged metadata', { 'unet:0:up': matrix(8, 2), 'unet:0:down': matrix(2, 8) }, { unet: '[' }, 'not JSON'],
    [
      'the wrong number',
      { 'unet:0:up': matrix(8, 2), 'unet:0:down': matrix(2, 8) },
      { unet: '["Attention"]' },
      'a list of 1 pairs, and no part of this model has as many layers: Attention has 264',
    ],
  ])('safeloras with %s', async (_, tensors, metadata, words) => {
    expect(await complaint(folder.write('a.safetensors', tensors, metadata))).toContain(words)
  })

  it('a bare list of an odd length, and one of no known length', async () => {
    expect(await complaint(folder.write('a.pt', torchZip(attention().slice(1))))).toContain('a list of 3 tensors; an adapter')
    expect(await complaint(folder.write('b.pt', torchZip(attention())))).toMatch(
      /a list of 2 pairs.*UNet3DConditionModel has 574, Transformer/,
    )
  })

  it('a list whose shapes are of another model names the pair', async () => {
    const list = Array.from({ length: 574 }, () => [matrix(8, 2), matrix(2, 8)]).flat()
    expect(await complaint(folder.write('a.pt', torchZip(list)))).toBe(
      'ROOT/a.pt: pair 0 of 574, up [8, 2] and down [2, 8], does not fit conv_in [8, 4, 3, 3]: the adapter was made for another model',
    )
  })
})

describe('where an adapter lies', () => {
  const tensors = { [`unet.${SPATIAL}.to_q.lora_A.weight`]: matrix(2, 8), [`unet.${SPATIAL}.to_q.lora_B.weight`]: matrix(8, 2) }

  it('a folder: the name that diffusers gives, or the only tensor file', async () => {
    folder.write('pytorch_lora_weights.safetensors', tensors)
    folder.write('other.safetensors', tensors)
    expect((await openLora(folder.root)).description).toMatchObject({ source: folder.root, modules: 1 })
    rmSync(path.join(folder.root, 'pytorch_lora_weights.safetensors'))
    folder.write('README.md', 'x')
    expect((await openLora(`${folder.root}/`)).description).toMatchObject({ modules: 1 })
  })

  it('a folder with a file for each component', async () => {
    folder.write('300_unet.safetensors', tensors)
    folder.write('300_text_encoder.safetensors', {
      [`text_encoder.${TEXT}.q_proj.lora_A.weight`]: matrix(2, 16),
      [`text_encoder.${TEXT}.q_proj.lora_B.weight`]: matrix(16, 2),
    })
    expect((await openLora(folder.root)).description).toMatchObject({ modules: 2 })
    folder.write('400_unet.safetensors', tensors)
    await expect(openLora(folder.root)).rejects.toThrow('holds 3 tensor files, name one of them: 300_text_encoder.safetensors')
  })

  it('a file or a folder in the Hugging Face cache, whose files are links into the blobs', async () => {
    const blob = folder.write('models--o--mcm/blobs/abc', tensors)
    const snapshot = path.join(folder.root, 'models--o--mcm/snapshots/0123')
    mkdirSync(path.join(snapshot, 'unet_lora'), { recursive: true })
    symlinkSync(blob, path.join(snapshot, 'pytorch_lora_weights.safetensors'))
    symlinkSync(blob, path.join(snapshot, 'unet_lora/pytorch_lora_weights.safetensors'))
    for (const place of ['', 'pytorch_lora_weights.safetensors', 'unet_lora', 'unet_lora/pytorch_lora_weights.safetensors'])
      expect((await openLora(path.join(snapshot, place))).description).toMatchObject({ modules: 1 })
  })

  it('nothing, or a folder without tensors', async () => {
    await expect(openLora(path.join(folder.root, 'a.safetensors'))).rejects.toThrow('a.safetensors is not there, or may not be read')
    await expect(openLora(path.join(folder.root, 'a/b/c'))).rejects.toThrow('a/b/c is not there, or may not be read: name an adapter')
    folder.write('README.md', 'x')
    await expect(openLora(folder.root)).rejects.toThrow('holds no adapter: there is README.md')
  })
})
