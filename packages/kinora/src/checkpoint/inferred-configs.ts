// The config.json that a model's tensor shapes imply, for files that come without one. What shapes cannot tell is the
// same in the whole ModelScope text-to-video family and stands here as constants; the values are those of the
// published diffusers version. Entries bear diffusers' names.

import { CheckpointError } from '../errors.ts'
import type { Component } from './checkpoint.ts'
import { COMPONENTS } from './components.ts'
import type { JsonObject } from './json.ts'
import type { WeightEntries } from './weight-entries.ts'

/** transformer_in has this many heads, as wide as the others, whatever else a UNet of this family changes. */
const TRANSFORMER_IN_HEADS = 8
/** In models that were distilled to need no second, unconditional half. */
const GUIDANCE = 'time_embedding.cond_proj.weight'
/** OpenCLIP's text towers have heads of this width. */
const TEXT_HEAD_DIM = 64

/** The config of `component`. Throws CheckpointError for a tensor that every model of the family has and this one lacks. */
export function inferConfig(component: Component, entries: WeightEntries, file: string): JsonObject {
  const { className } = COMPONENTS[component]
  const size = (name: string, axis: number): number => {
    const found = entries.get(name)?.shape[axis]
    if (found === undefined)
      throw new CheckpointError(`${file} lacks ${name}, so it is no ${className} of the ModelScope text-to-video family; name another file`)
    return found
  }
  return { _class_name: className, ...INFER[component]({ size, has: (name) => entries.has(name) }) }
}

interface Shapes {
  readonly size: (name: string, axis: number) => number
  readonly has: (name: string) => boolean
}

const INFER: Readonly<Record<Component, (shapes: Shapes) => JsonObject>> = {
  unet: ({ size, has }) => {
    const levels = count((i) => has(`down_blocks.${i}.resnets.0.conv1.weight`))
    const types = (side: string, plain: string) =>
      levels.map((i) => (has(`${side}_blocks.${i}.attentions.0.proj_in.weight`) ? `CrossAttn${plain}` : plain))
    return {
      in_channels: size('conv_in.weight', 1),
      out_channels: size('conv_out.weight', 0),
      block_out_channels: levels.map((i) => size(`down_blocks.${i}.resnets.0.conv1.weight`, 0)),
      layers_per_block: count((j) => has(`down_blocks.0.resnets.${j}.conv1.weight`)).length,
      down_block_types: types('down', 'DownBlock3D'),
      up_block_types: types('up', 'UpBlock3D'),
      cross_attention_dim: size('mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight', 1),
      attention_head_dim: size('transformer_in.proj_in.weight', 0) / TRANSFORMER_IN_HEADS,
      time_cond_proj_dim: has(GUIDANCE) ? size(GUIDANCE, 1) : null,
      act_fn: 'silu',
      norm_num_groups: 32,
      norm_eps: 1e-5,
      sample_size: 32,
    }
  },
  vae: ({ size, has }) => {
    const levels = count((i) => has(`encoder.down_blocks.${i}.resnets.0.conv1.weight`))
    return {
      in_channels: size('encoder.conv_in.weight', 1),
      out_channels: size('decoder.conv_out.weight', 0),
      latent_channels: size('decoder.conv_in.weight', 1),
      block_out_channels: levels.map((i) => size(`encoder.down_blocks.${i}.resnets.0.conv1.weight`, 0)),
      layers_per_block: count((j) => has(`encoder.down_blocks.0.resnets.${j}.conv1.weight`)).length,
      down_block_types: levels.map(() => 'DownEncoderBlock2D'),
      up_block_types: levels.map(() => 'UpDecoderBlock2D'),
      act_fn: 'silu',
      norm_num_groups: 32,
      scaling_factor: 0.18215,
    }
  },
  text_encoder: ({ size, has }) => ({
    vocab_size: size('embeddings.token_embedding.weight', 0),
    hidden_size: size('embeddings.token_embedding.weight', 1),
    max_position_embeddings: size('embeddings.position_embedding.weight', 0),
    num_hidden_layers: count((i) => has(`encoder.layers.${i}.layer_norm1.weight`)).length,
    intermediate_size: size('encoder.layers.0.mlp.fc1.weight', 0),
    num_attention_heads: size('embeddings.token_embedding.weight', 1) / TEXT_HEAD_DIM,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-5,
  }),
}

/** The numbers from 0 on, as long as `has` holds for them. */
function count(has: (i: number) => boolean): number[] {
  const numbers: number[] = []
  while (has(numbers.length)) numbers.push(numbers.length)
  return numbers
}
