// The builders against the published 1.7B-parameter checkpoint's inventory: they take every tensor of
// it and ask for no other, checked by name and shape without any weights.

import { describe, expect, test } from 'vitest'
import { readJson } from '../../test/support/json.ts'
import type { Component } from '../checkpoint/checkpoint.ts'
import { Weights } from '../checkpoint/weights.ts'
import { verifyGraph } from '../onnx/verify.ts'
import {
  buildClipText,
  buildPromptContext,
  buildUNet3D,
  buildVaeDecoder,
  buildVaeEncoder,
  parseClipTextConfig,
  parseUNet3DConfig,
  parseVaeConfig,
} from './index.ts'

/** The parts of the published configs that differ from the reference's defaults. */
const TEXT = { hidden_size: 1024, num_hidden_layers: 23, num_attention_heads: 16, intermediate_size: 4096, hidden_act: 'gelu' }
const VAE = {
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  layers_per_block: 2,
}

function inventory(component: Component): { weights: Weights; count: number } {
  const shapes = readJson<Record<string, number[]>>(`full-size/${component}.shapes.json`)
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const byteLength = 4 * shape.reduce((product, size) => product * size, 1)
    return [
      name.replace(/^text_model\./, ''),
      { dtype: 'float32' as const, shape, path: `/${component}`, byteOffset: 0, byteLength },
    ] as const
  })
  const kept = entries.filter(([name]) => !name.endsWith('position_ids'))
  return { weights: Weights.from(new Map(kept)), count: kept.length }
}

describe('full size', () => {
  test('UNet: 1480 tensors', () => {
    const { weights, count } = inventory('unet')
    const config = parseUNet3DConfig({})
    const prompt = buildPromptContext(weights, config, { batch: 2, tokens: 77 })
    const unet = buildUNet3D(weights, config, { batch: 2, frames: 16, height: 32, width: 32, tokens: 77 })
    weights.assertAllUsed()
    expect(count).toBe(1480)
    expect([...verifyGraph(prompt), ...verifyGraph(unet)]).toEqual([])
    expect(unet.outputs[0]!.shape).toEqual([2, 4, 16, 32, 32])
    expect(weights.size().parameters).toBe(1_411_233_860)
  })

  test('no prompt projection is left in the step', () => {
    const { weights } = inventory('unet')
    const unet = buildUNet3D(weights, parseUNet3DConfig({}), { batch: 2, frames: 16, height: 32, width: 32, tokens: 77 })
    const promptWeights = [...unet.initializers.keys()].filter((name) => /\.attentions\..*attn2\.to_[kv]/.test(name))
    expect(promptWeights).toEqual([])
  })

  test('autoencoder: 248 tensors', () => {
    const { weights, count } = inventory('vae')
    const config = parseVaeConfig(VAE)
    const graphs = [buildVaeEncoder, buildVaeDecoder].map((build) => build(weights, config, { batch: 1, height: 32, width: 32 }))
    weights.assertAllUsed()
    expect(count).toBe(248)
    expect(graphs.flatMap(verifyGraph)).toEqual([])
  })

  test('text encoder: 372 tensors', () => {
    const { weights, count } = inventory('text_encoder')
    const graph = buildClipText(weights, parseClipTextConfig(TEXT), { batch: 2, tokens: 77 })
    weights.assertAllUsed()
    expect(count).toBe(372)
    expect(verifyGraph(graph)).toEqual([])
  })
})

describe('optional inputs', () => {
  test('a timestep condition adds cond_proj and its input', () => {
    const { weights } = inventory('unet')
    const config = parseUNet3DConfig({ time_cond_proj_dim: 256 })
    expect(() => buildUNet3D(weights, config, { batch: 1, frames: 2, height: 8, width: 8, tokens: 77 })).toThrow(
      'time_embedding.cond_proj.weight',
    )
  })

  test('an extra time embedding and extra context tokens become inputs', () => {
    const { weights } = inventory('unet')
    const shape = { batch: 1, frames: 2, height: 8, width: 8, tokens: 145, timeEmbeddingExtra: true }
    const graph = buildUNet3D(weights, parseUNet3DConfig({}), shape)
    const inputs = Object.fromEntries(graph.inputs.map(({ name, shape: size }) => [name, size]))
    expect(inputs.time_embedding_extra).toEqual([1, 1280])
    expect(inputs['mid_block.attentions.0.key']).toEqual([1, 145, 1280])
  })
})

describe('configs that cannot be built name the key', () => {
  test.each([
    [{ act_fn: 'mish' }, 'act_fn'],
    [{ num_attention_heads: 8 }, 'num_attention_heads'],
    [{ norm_num_groups: 7 }, 'norm_num_groups'],
    [{ down_block_types: ['DownBlock2D', 'DownBlock3D', 'DownBlock3D', 'DownBlock3D'] }, 'down_block_types'],
    [{ block_out_channels: [320, 0] }, 'block_out_channels'],
    [{ block_out_channels: [1e9] }, 'block_out_channels'],
    [{ attention_head_dim: 60 }, 'attention_head_dim'],
    [{ layers_per_block: 1.5 }, 'layers_per_block'],
    [{ norm_eps: 0 }, 'norm_eps'],
  ])('%j', (raw, key) => {
    expect(() => parseUNet3DConfig(raw)).toThrow(key)
  })

  test('unknown keys are ignored', () => {
    expect(parseUNet3DConfig({ use_linear_projection: true, freq_shift: 0 })).toEqual(parseUNet3DConfig({}))
  })
})
