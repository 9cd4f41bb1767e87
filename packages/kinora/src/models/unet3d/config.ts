// UNet3DConditionModel's config.json with the reference's defaults (diffusers
// models/unets/unet_3d_condition.py). `attention_head_dim` is the width of a head here, as published
// checkpoints mean it; the number of heads follows from the channels.

import type { RawConfig } from '../config.ts'
import { assertGroups, blockTypes, oneOf, positiveInteger, positiveNumber, sizes, unsupported } from '../config.ts'

export interface UNet3DConfig {
  inChannels: number
  outChannels: number
  downBlockTypes: readonly ('CrossAttnDownBlock3D' | 'DownBlock3D')[]
  upBlockTypes: readonly ('CrossAttnUpBlock3D' | 'UpBlock3D')[]
  blockOutChannels: readonly number[]
  layersPerBlock: number
  downsamplePadding: number
  midBlockScaleFactor: number
  normNumGroups: number
  normEps: number
  crossAttentionDim: number
  /** Width of one attention head, per level. */
  attentionHeadDim: readonly number[]
  /** Width of the optional timestep condition (guidance embedding of distilled models). */
  timeCondProjDim: number | undefined
  /** Latent height and width the checkpoint names as its own; undefined when the config has none. */
  sampleSize: number | undefined
}

/** Validates config.json. Throws UnsupportedConfigError naming the key. */
export function parseUNet3DConfig(raw: RawConfig): UNet3DConfig {
  const blockOutChannels = sizes(raw, 'block_out_channels', [320, 640, 1280, 1280])
  const levels = blockOutChannels.length
  const last = levels - 1
  const downDefault = blockOutChannels.map((_, i) => (i < last ? ('CrossAttnDownBlock3D' as const) : ('DownBlock3D' as const)))
  const upDefault = blockOutChannels.map((_, i) => (i > 0 ? ('CrossAttnUpBlock3D' as const) : ('UpBlock3D' as const)))
  oneOf(raw, 'act_fn', 'silu', ['silu', 'swish'])
  if (raw.num_attention_heads != null)
    throw unsupported('num_attention_heads', raw.num_attention_heads, 'null (attention_head_dim is used)')
  const normNumGroups = positiveInteger(raw, 'norm_num_groups', 32)
  assertGroups(normNumGroups, blockOutChannels)
  return {
    inChannels: positiveInteger(raw, 'in_channels', 4),
    outChannels: positiveInteger(raw, 'out_channels', 4),
    downBlockTypes: blockTypes(raw, 'down_block_types', downDefault, ['CrossAttnDownBlock3D', 'DownBlock3D'], levels),
    upBlockTypes: blockTypes(raw, 'up_block_types', upDefault, ['CrossAttnUpBlock3D', 'UpBlock3D'], levels),
    blockOutChannels,
    layersPerBlock: positiveInteger(raw, 'layers_per_block', 2),
    downsamplePadding: positiveInteger(raw, 'downsample_padding', 1),
    midBlockScaleFactor: positiveNumber(raw, 'mid_block_scale_factor', 1),
    normNumGroups,
    normEps: positiveNumber(raw, 'norm_eps', 1e-5),
    crossAttentionDim: positiveInteger(raw, 'cross_attention_dim', 1024),
    attentionHeadDim: headDims(raw, blockOutChannels),
    timeCondProjDim: raw.time_cond_proj_dim == null ? undefined : positiveInteger(raw, 'time_cond_proj_dim', 1),
    sampleSize: typeof raw.sample_size === 'number' ? positiveInteger(raw, 'sample_size', 32) : undefined,
  }
}

function headDims(raw: RawConfig, channels: readonly number[]): readonly number[] {
  const key = 'attention_head_dim'
  const dims = Array.isArray(raw[key]) ? sizes(raw, key, []) : channels.map(() => positiveInteger(raw, key, 64))
  if (dims.length !== channels.length || dims.some((dim, i) => channels[i]! % dim !== 0))
    throw unsupported(key, raw[key], `widths that divide the channels ${channels.join(', ')}`)
  return dims
}
