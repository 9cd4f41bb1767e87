// The order in which PyTorch lists the layers of the UNet and of the text encoder, `named_modules()`, for
// adapters that are lists without names. It is the order of assignment in the constructors, not of the
// forward pass: up_blocks stand before mid_block. diffusers: unet_3d_condition.py, unet_3d_blocks.py.

import type { WeightEntry } from '../weights.ts'

/** Siblings in their order; those that are not named here are numbered. Names that are never siblings share the list. */
const SIBLINGS = [
  ['conv_in', 'time_embedding', 'transformer_in', 'down_blocks', 'up_blocks', 'mid_block', 'conv_out'],
  ['linear_1', 'cond_proj', 'linear_2'],
  ['resnets', 'temp_convs', 'attentions', 'temp_attentions', 'downsamplers', 'upsamplers'],
  ['conv1', 'time_emb_proj', 'conv2', 'conv3', 'conv4', 'conv_shortcut'],
  ['proj_in', 'transformer_blocks', 'proj_out'],
  ['to_q', 'to_k', 'to_v', 'to_out'],
  ['k_proj', 'v_proj', 'q_proj', 'out_proj'],
  ['self_attn', 'mlp'],
] as const

/** Transformer blocks of diffusers; its versions before July 2023 had the feed-forward layer in the middle. */
export const BLOCK_ORDERS = [
  ['attn1', 'attn2', 'ff'],
  ['attn1', 'ff', 'attn2'],
] as const

/** Class names that such adapters were trained for -> where their modules are. */
export const TARGET_PATHS: Readonly<Record<string, RegExp>> = {
  UNet3DConditionModel: /^/,
  TransformerTemporalModel: /^transformer_in\.|\.temp_attentions\.\d+\./,
  Transformer2DModel: /\.attentions\.\d+\./,
  BasicTransformerBlock: /\.transformer_blocks\.\d+\./,
  ResnetBlock2D: /\.resnets\.\d+\./,
  TemporalConvLayer: /\.temp_convs\.\d+\./,
  Attention: /\.attn[12]\./,
  CrossAttention: /\.attn[12]\./,
  FeedForward: /\.ff\./,
  GEGLU: /\.ff\.net\.0\./,
  CLIPEncoderLayer: /^encoder\.layers\.\d+\./,
  CLIPAttention: /\.self_attn\./,
  CLIPMLP: /\.mlp\./,
}

/** Modules with a kernel (linear layers and convolutions) inside the targets, in the order of registration. */
export function registeredModules(
  entries: ReadonlyMap<string, WeightEntry>,
  targets: readonly RegExp[],
  blockOrder: (typeof BLOCK_ORDERS)[number],
): string[] {
  const ranks = new Map([...SIBLINGS, blockOrder].flatMap((names) => names.map((name, i) => [name as string, i] as const)))
  return [...entries]
    .filter(([name, { shape }]) => name.endsWith('.weight') && shape.length >= 2 && !name.endsWith('_embedding.weight'))
    .map(([name]) => name.slice(0, -'.weight'.length))
    .filter((module) => targets.some((path) => path.test(`${module}.`)))
    .map((module) => ({ module, key: module.split('.').map((part) => ranks.get(part) ?? Number(part.replace(/^\D+/, ''))) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ module }) => module)
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((rank, place) => rank !== b[place])
  return i < 0 ? 0 : a[i]! - (b[i] ?? 0)
}
