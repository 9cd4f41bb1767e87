// The autoencoder of latent diffusion's original code (VQGAN_autoencoder.pth) -> diffusers' names. Its decoder counts
// levels from the picture up, diffusers from the latents. diffusers: loaders/single_file_utils.py.

import { vaeKeys } from './diffusers-vae-legacy.ts'
import type { KeyMap } from './key-map.ts'

const RULES: readonly (readonly [RegExp, string])[] = [
  [/^encoder\.down\.(\d+)\.block\.(\d+)\./, 'encoder.down_blocks.$1.resnets.$2.'],
  [/^encoder\.down\.(\d+)\.downsample\./, 'encoder.down_blocks.$1.downsamplers.0.'],
  [/^decoder\.up\.(\d+)\.block\.(\d+)\./, 'decoder.up_blocks.$1.resnets.$2.'],
  [/^decoder\.up\.(\d+)\.upsample\./, 'decoder.up_blocks.$1.upsamplers.0.'],
  [/^(encoder|decoder)\.mid\.block_1\./, '$1.mid_block.resnets.0.'],
  [/^(encoder|decoder)\.mid\.block_2\./, '$1.mid_block.resnets.1.'],
  [/^(encoder|decoder)\.mid\.attn_1\.norm\./, '$1.mid_block.attentions.0.group_norm.'],
  [/^(encoder|decoder)\.mid\.attn_1\.([qkv])\./, '$1.mid_block.attentions.0.to_$2.'],
  [/^(encoder|decoder)\.mid\.attn_1\.proj_out\./, '$1.mid_block.attentions.0.to_out.0.'],
  [/^(encoder|decoder)\.norm_out\./, '$1.conv_norm_out.'],
  [/\.nin_shortcut\./, '.conv_shortcut.'],
]

/**
 * `decoder.up.3.block.0.conv1.weight` -> `decoder.up_blocks.0.resnets.0.conv1.weight` (4 levels); attention [O, I, 1, 1] -> [O, I].
 * Drops the training loss's own network; names that the original does not have pass unchanged.
 */
export function ldmVaeKeys(levels: number): KeyMap {
  return (name, shape) => {
    if (name.startsWith('loss.')) return undefined
    const renamed = RULES.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name)
    const fromLatents = (_: string, level: string) => `decoder.up_blocks.${levels - 1 - Number(level)}.`
    return vaeKeys(renamed.replace(/^decoder\.up_blocks\.(\d+)\./, fromLatents), shape)
  }
}
