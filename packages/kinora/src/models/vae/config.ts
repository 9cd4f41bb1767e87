// AutoencoderKL's config.json with the reference's defaults (diffusers
// models/autoencoders/autoencoder_kl.py).

import type { RawConfig } from '../config.ts'
import { assertGroups, blockTypes, flag, oneOf, positiveInteger, positiveNumber, sizes, unsupported } from '../config.ts'

export interface VaeConfig {
  inChannels: number
  outChannels: number
  latentChannels: number
  blockOutChannels: readonly number[]
  layersPerBlock: number
  normNumGroups: number
  /** Latents are multiplied by this after encoding and divided by it before decoding. */
  scalingFactor: number
  useQuantConv: boolean
  usePostQuantConv: boolean
  midBlockAddAttention: boolean
  /** Pixels per latent, in each direction. */
  scaleFactor: number
  /** Side of the pictures it was made for, in pixels: the size of a tile where it works in tiles. */
  sampleSize: number
}

/** Validates config.json. Throws UnsupportedConfigError naming the key. */
export function parseVaeConfig(raw: RawConfig): VaeConfig {
  const blockOutChannels = sizes(raw, 'block_out_channels', [64])
  const levels = blockOutChannels.length
  const same = <T extends string>(type: T) => blockOutChannels.map(() => type)
  blockTypes(raw, 'down_block_types', same('DownEncoderBlock2D'), ['DownEncoderBlock2D'], levels)
  blockTypes(raw, 'up_block_types', same('UpDecoderBlock2D'), ['UpDecoderBlock2D'], levels)
  oneOf(raw, 'act_fn', 'silu', ['silu', 'swish'])
  for (const key of ['latents_mean', 'latents_std', 'shift_factor']) if (raw[key] != null) throw unsupported(key, raw[key], 'null')
  const normNumGroups = positiveInteger(raw, 'norm_num_groups', 32)
  assertGroups(normNumGroups, blockOutChannels)
  return {
    inChannels: positiveInteger(raw, 'in_channels', 3),
    outChannels: positiveInteger(raw, 'out_channels', 3),
    latentChannels: positiveInteger(raw, 'latent_channels', 4),
    blockOutChannels,
    layersPerBlock: positiveInteger(raw, 'layers_per_block', 1),
    normNumGroups,
    scalingFactor: positiveNumber(raw, 'scaling_factor', 0.18215),
    useQuantConv: flag(raw, 'use_quant_conv', true),
    usePostQuantConv: flag(raw, 'use_post_quant_conv', true),
    midBlockAddAttention: flag(raw, 'mid_block_add_attention', true),
    scaleFactor: 2 ** (levels - 1),
    sampleSize: positiveInteger(Array.isArray(raw.sample_size) ? { sample_size: raw.sample_size[0] } : raw, 'sample_size', 32),
  }
}
