// The original release's names against the published checkpoint's inventory: every name and shape there and back,
// and joined matrices cut where they were joined.

import { describe, expect, it } from 'vitest'
import { readJson } from '../../../test/support/json.ts'
import { originalText, originalUNet, originalVae, type Shaped } from '../../../test/support/original-names.ts'
import type { Component } from '../checkpoint.ts'
import { asMatrix, below, type KeyMap, prefixOf, type Target } from './key-map.ts'
import { ldmVaeKeys } from './ldm-vae.ts'
import { modelScopeUNetKeys } from './modelscope-unet.ts'
import { openClipKeys } from './open-clip.ts'

/** diffusers' names and shapes of the full-size model. */
function inventory(component: Component): Map<string, Shaped> {
  const shapes = readJson<Record<string, number[]>>(`full-size/${component}.shapes.json`)
  return new Map(Object.entries(shapes).map(([name, shape]) => [name.replace(/^text_model\./, ''), { shape }]))
}

function mapAll(tensors: ReadonlyMap<string, Shaped>, keys: KeyMap): Target[] {
  return [...tensors].flatMap(([name, { shape }]) => [keys(name, shape) ?? []].flat())
}

const byName = (tensors: ReadonlyMap<string, Shaped>) => [...tensors].map(([name, { shape }]) => ({ name, shape })).sort(compare)
const compare = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

describe('UNet', () => {
  const unet = inventory('unet')
  const original = originalUNet(unet, 2)

  it('maps all 1480 names and shapes back', () => {
    expect(original.size).toBe(1480)
    expect(mapAll(original, modelScopeUNetKeys(2)).sort(compare)).toEqual(byName(unet))
  })

  it.each([
    ['input_blocks', 558],
    ['middle_block', 104],
    ['output_blocks', 810],
    ['time_embed', 4],
    ['out', 4],
  ])('%s has %i tensors', (prefix, count) => {
    expect([...original.keys()].filter((name) => name.startsWith(`${prefix}.`))).toHaveLength(count)
  })

  it.each([
    [2, 'input_blocks.3.op.weight', 'down_blocks.0.downsamplers.0.conv.weight'],
    [1, 'input_blocks.3.0.in_layers.2.bias', 'down_blocks.1.resnets.0.conv1.bias'],
    [3, 'input_blocks.3.0.in_layers.2.bias', 'down_blocks.0.resnets.2.conv1.bias'],
    [2, 'output_blocks.2.1.conv.weight', 'up_blocks.0.upsamplers.0.conv.weight'],
    [2, 'output_blocks.5.3.conv.bias', 'up_blocks.1.upsamplers.0.conv.bias'],
    [1, 'output_blocks.2.2.norm.weight', 'up_blocks.1.temp_attentions.0.norm.weight'],
    [2, 'output_blocks.11.0.temopral_conv.conv4.3.weight', 'up_blocks.3.temp_convs.2.conv4.3.weight'],
    [2, 'middle_block.3.skip_connection.weight', 'mid_block.resnets.1.conv_shortcut.weight'],
    [2, 'input_blocks.1.1.proj_in.weight', 'down_blocks.0.attentions.0.proj_in.weight'],
  ])('with %i layers a level: %s', (layers, name, renamed) => {
    expect(modelScopeUNetKeys(layers)(name, [2])).toEqual({ name: renamed, shape: [2] })
  })

  it.each([
    'fps_embedding.0.weight',
    'input_blocks.0.2.x.weight',
    'input_blocks.1.7.weight',
    'input_blocks.1.0.in_layers.1.weight',
    'middle_block.4.x',
  ])('leaves %s to be refused', (name) => {
    expect(modelScopeUNetKeys(2)(name, [2])).toEqual({ name, shape: [2] })
  })

  it('makes matrices of temporal projections, and of spatial ones where they are convolutions', () => {
    const keys = modelScopeUNetKeys(2)
    expect(keys('input_blocks.0.1.proj_in.weight', [512, 320, 1])).toEqual({ name: 'transformer_in.proj_in.weight', shape: [512, 320] })
    expect(keys('input_blocks.1.2.proj_out.weight', [320, 320, 1])).toMatchObject({ shape: [320, 320] })
    expect(keys('input_blocks.1.1.proj_out.weight', [320, 320, 1, 1])).toMatchObject({ shape: [320, 320] })
    expect(keys('input_blocks.1.0.skip_connection.weight', [320, 320, 1, 1])).toMatchObject({ shape: [320, 320, 1, 1] })
    expect(keys('input_blocks.1.2.proj_out.weight', [320, 320, 3])).toMatchObject({ shape: [320, 320, 3] })
  })
})

describe('autoencoder', () => {
  it.each(['first_stage_model.', ''])('maps all 248 names and shapes back, prefix "%s"', (prefix) => {
    const vae = inventory('vae')
    const original = originalVae(vae, 4, prefix)
    expect(original.get(`${prefix}decoder.mid.attn_1.q.weight`)).toEqual({ shape: [512, 512, 1, 1] })
    expect(original.get(`${prefix}decoder.up.3.upsample.conv.weight`)).toEqual({ shape: [512, 512, 3, 3] })
    expect(mapAll(original, below(prefix, ldmVaeKeys(4))).sort(compare)).toEqual(byName(vae))
    expect(original.size).toBe(248)
  })

  it('drops the training loss and the models around it', () => {
    expect(ldmVaeKeys(4)('loss.discriminator.main.0.weight', [1])).toBeUndefined()
    expect(below('first_stage_model.', ldmVaeKeys(4))('model.diffusion_model.out.2.bias', [4])).toBeUndefined()
  })
})

describe('text encoder', () => {
  const text = inventory('text_encoder')
  text.delete('embeddings.position_ids')
  const join = (parts: Shaped[]) => ({ shape: [3 * parts[0]!.shape[0]!, ...parts[0]!.shape.slice(1)] })

  it.each(['', 'cond_stage_model.model.'])('maps all 372 names and shapes back, prefix "%s"', (prefix) => {
    const original = originalText(text, join, prefix)
    expect(original.get(`${prefix}transformer.resblocks.23.attn.in_proj_weight`)).toEqual({ shape: [3072, 1024] })
    expect(original.has(`${prefix}visual.positional_embedding`)).toBe(true)
    const mapped = mapAll(original, below(prefix, openClipKeys(24)))
    expect(mapped.map(({ name, shape }) => ({ name, shape })).sort(compare)).toEqual(byName(text))
    expect(mapped).toHaveLength(372)
  })

  it('cuts joined matrices into rows', () => {
    const keys = openClipKeys(2)
    const layer = 'encoder.layers.0.self_attn'
    expect(keys('transformer.resblocks.0.attn.in_proj_weight', [6, 2])).toEqual([
      { name: `${layer}.q_proj.weight`, shape: [2, 2], rows: [0, 2] },
      { name: `${layer}.k_proj.weight`, shape: [2, 2], rows: [2, 4] },
      { name: `${layer}.v_proj.weight`, shape: [2, 2], rows: [4, 6] },
    ])
    expect(keys('transformer.resblocks.0.attn.in_proj_bias', [6])).toMatchObject([{ rows: [0, 2] }, { shape: [2] }, { rows: [4, 6] }])
    const odd = { name: 'transformer.resblocks.0.attn.in_proj_bias', shape: [7] }
    expect(keys(odd.name, odd.shape)).toEqual(odd)
  })
})

describe('helpers', () => {
  it('finds what stands before a landmark, preferring nothing', () => {
    expect(prefixOf(['a.x', 'm.ln.weight', 'n.ln.weight'], 'ln.weight')).toBe('m.')
    expect(prefixOf(['m.ln.weight', 'ln.weight'], 'ln.weight')).toBe('')
    expect(prefixOf(['kln.weight'], 'ln.weight')).toBeUndefined()
  })

  it('takes only dimensions of size 1 away', () => {
    expect([[2, 3, 1], [2, 3, 1, 1], [2, 1], [2, 3, 1, 2], [1], []].map(asMatrix)).toEqual([[2, 3], [2, 3], [2, 1], [2, 3, 1, 2], [1], []])
  })
})
