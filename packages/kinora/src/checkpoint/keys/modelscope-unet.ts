// The UNet of the original ModelScope code (UNetSD) -> diffusers' names. The original counts blocks through all
// levels: each input level is its layers and a downsampler, each output level one layer more, the last of them with
// the upsampler. `temopral_conv` is its own spelling. diffusers: scripts/convert_ms_text_to_video_to_diffusers.py.

import { unetKeys } from './diffusers-unet.ts'
import type { KeyMap } from './key-map.ts'

/** Parts that stand once. */
const SINGLE = new Map([
  ['time_embed.0', 'time_embedding.linear_1'],
  ['time_embed.2', 'time_embedding.linear_2'],
  ['input_blocks.0.0', 'conv_in'],
  ['input_blocks.0.1', 'transformer_in'],
  ['middle_block.1', 'mid_block.attentions.0'],
  ['middle_block.2', 'mid_block.temp_attentions.0'],
  ['out.0', 'conv_norm_out'],
  ['out.2', 'conv_out'],
])

const RESNET = new Map([
  ['in_layers.0', 'norm1'],
  ['in_layers.2', 'conv1'],
  ['emb_layers.1', 'time_emb_proj'],
  ['out_layers.0', 'norm2'],
  ['out_layers.3', 'conv2'],
  ['skip_connection', 'conv_shortcut'],
])

/**
 * `output_blocks.4.0.in_layers.2.weight` -> `up_blocks.1.resnets.1.conv1.weight` (2 layers); temporal projections [O, I, 1] -> [O, I].
 * Names that the original does not have pass unchanged, so that the models refuse them.
 */
export function modelScopeUNetKeys(layersPerBlock: number): KeyMap {
  return (name, shape) => unetKeys(singlePart(name) ?? middlePart(name) ?? blockPart(name, layersPerBlock) ?? name, shape)
}

function singlePart(name: string): string | undefined {
  const [, original = '', rest] = /^((?:time_embed|out|middle_block|input_blocks\.0)\.\d+)\.(.+)$/.exec(name) ?? []
  const part = SINGLE.get(original)
  return part && `${part}.${rest}`
}

function middlePart(name: string): string | undefined {
  const [, index, rest = ''] = /^middle_block\.([03])\.(.+)$/.exec(name) ?? []
  return index && convPart('mid_block', index === '0' ? 0 : 1, rest)
}

function blockPart(name: string, layersPerBlock: number): string | undefined {
  const [, side, index, part, rest = ''] = /^(input|output)_blocks\.(\d+)\.(op|\d+)\.(.+)$/.exec(name) ?? []
  const count = Number(index) - (side === 'input' ? 1 : 0) // input_blocks.0 is conv_in
  if (side === undefined || count < 0) return undefined
  const block = `${side === 'input' ? 'down' : 'up'}_blocks.${Math.floor(count / (layersPerBlock + 1))}`
  const layer = count % (layersPerBlock + 1)
  if (part === 'op') return `${block}.downsamplers.0.conv.${rest}`
  if (/^conv\.(?:weight|bias)$/.test(rest)) return `${block}.upsamplers.0.${rest}`
  if (part === '0') return convPart(block, layer, rest)
  if (part === '1') return `${block}.attentions.${layer}.${rest}`
  return part === '2' ? `${block}.temp_attentions.${layer}.${rest}` : undefined
}

/** A resnet, with the temporal convolution that the original keeps inside of it. */
function convPart(block: string, layer: number, rest: string): string | undefined {
  const [, part = '', kind] = /^(.+)\.(weight|bias)$/.exec(rest) ?? []
  if (part.startsWith('temopral_conv.')) return `${block}.temp_convs.${layer}.${rest.slice('temopral_conv.'.length)}`
  const renamed = RESNET.get(part)
  return renamed && `${block}.resnets.${layer}.${renamed}.${kind}`
}
