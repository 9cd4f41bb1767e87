// Configs inferred from the full-size model's tensors, in the original names, are the published ones.

import { expect, it } from 'vitest'
import { readJson } from '../../test/support/json.ts'
import { originalText, originalUNet, originalVae, type Shaped } from '../../test/support/original-names.ts'
import { CheckpointError } from '../errors.ts'
import type { Component } from './checkpoint.ts'
import { inferConfig } from './inferred-configs.ts'
import type { KeyMap } from './keys/key-map.ts'
import { below } from './keys/key-map.ts'
import { ldmVaeKeys } from './keys/ldm-vae.ts'
import { modelScopeUNetKeys } from './keys/modelscope-unet.ts'
import { openClipKeys } from './keys/open-clip.ts'
import { type WeightEntries, weightEntries } from './weight-entries.ts'

function inventory(component: Component): Map<string, Shaped> {
  const shapes = readJson<Record<string, number[]>>(`full-size/${component}.shapes.json`)
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape }]))
}

function entriesOf(tensors: ReadonlyMap<string, Shaped>, keys: KeyMap): WeightEntries {
  const stored = [...tensors].map(([name, { shape }]) => {
    const byteLength = 2 * shape.reduce((product, size) => product * size, 1)
    return [name, { dtype: 'float16' as const, dtypeName: 'F16', shape, byteOffset: 0, byteLength }] as const
  })
  return weightEntries([{ file: 'x.pth', absolute: '/x.pth', tensors: new Map(stored), metadata: new Map() }], keys)
}

it("are text-to-video-ms-1.7b's", () => {
  const unet = entriesOf(originalUNet(inventory('unet'), 2), modelScopeUNetKeys(2))
  expect(inferConfig('unet', unet, 'x.pth')).toEqual({
    _class_name: 'UNet3DConditionModel',
    in_channels: 4,
    out_channels: 4,
    block_out_channels: [320, 640, 1280, 1280],
    layers_per_block: 2,
    down_block_types: ['CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'DownBlock3D'],
    up_block_types: ['UpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D'],
    cross_attention_dim: 1024,
    attention_head_dim: 64,
    time_cond_proj_dim: null,
    act_fn: 'silu',
    norm_num_groups: 32,
    norm_eps: 1e-5,
    sample_size: 32,
  })
  const vae = entriesOf(originalVae(inventory('vae'), 4), below('first_stage_model.', ldmVaeKeys(4)))
  expect(inferConfig('vae', vae, 'x.pth')).toEqual({
    _class_name: 'AutoencoderKL',
    in_channels: 3,
    out_channels: 3,
    latent_channels: 4,
    block_out_channels: [128, 256, 512, 512],
    layers_per_block: 2,
    down_block_types: Array(4).fill('DownEncoderBlock2D'),
    up_block_types: Array(4).fill('UpDecoderBlock2D'),
    act_fn: 'silu',
    norm_num_groups: 32,
    scaling_factor: 0.18215,
  })
  const join = (parts: Shaped[]) => ({ shape: [3 * parts[0]!.shape[0]!, ...parts[0]!.shape.slice(1)] })
  const text = entriesOf(originalText(inventory('text_encoder'), join), openClipKeys(24))
  expect(inferConfig('text_encoder', text, 'x.pth')).toEqual({
    _class_name: 'CLIPTextModel',
    vocab_size: 49408,
    hidden_size: 1024,
    max_position_embeddings: 77,
    num_hidden_layers: 23,
    intermediate_size: 4096,
    num_attention_heads: 16,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-5,
  })
})

it('have the guidance embedding of distilled models', () => {
  const unet = entriesOf(inventory('unet').set('time_embedding.cond_proj.weight', { shape: [320, 256] }), (name, shape) => ({
    name,
    shape,
  }))
  expect(inferConfig('unet', unet, 'x.safetensors').time_cond_proj_dim).toBe(256)
})

it('name the tensor without which there is no such model', () => {
  const shapes = new Map([['conv_in.weight', { shape: [8] }]])
  expect(() =>
    inferConfig(
      'unet',
      entriesOf(shapes, (name, shape) => ({ name, shape })),
      'x.pth',
    ),
  ).toThrow(
    new CheckpointError(
      'x.pth lacks conv_in.weight, so it is no UNet3DConditionModel of the ModelScope text-to-video family; name another file',
    ),
  )
})
