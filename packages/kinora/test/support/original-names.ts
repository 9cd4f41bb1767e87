// diffusers' tensors under the names and in the shapes of the original ModelScope release: the way back from what
// src/checkpoint/keys maps, for tests. Works on whatever has a shape; only the text encoder's joined matrices need data.

export interface Shaped {
  readonly shape: readonly number[]
}

type Tensors<T> = ReadonlyMap<string, T>

const UNET_PARTS: Readonly<Record<string, string>> = {
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
  conv_in: 'input_blocks.0.0',
  transformer_in: 'input_blocks.0.1',
  'mid_block.resnets.0': 'middle_block.0',
  'mid_block.temp_convs.0': 'middle_block.0.temopral_conv',
  'mid_block.attentions.0': 'middle_block.1',
  'mid_block.temp_attentions.0': 'middle_block.2',
  'mid_block.resnets.1': 'middle_block.3',
  'mid_block.temp_convs.1': 'middle_block.3.temopral_conv',
  conv_norm_out: 'out.0',
  conv_out: 'out.2',
}

const RESNET: Readonly<Record<string, string>> = {
  norm1: 'in_layers.0',
  conv1: 'in_layers.2',
  time_emb_proj: 'emb_layers.1',
  norm2: 'out_layers.0',
  conv2: 'out_layers.3',
  conv_shortcut: 'skip_connection',
}

/** text2video_pytorch_model.pth: every level's layers in one count, temporal projections as convolutions [O, I, 1]. */
export function originalUNet<T extends Shaped>(tensors: Tensors<T>, layersPerBlock: number): Map<string, T> {
  const blockPart = (side: string, level: number, kind: string, layer: number): string => {
    const index = level * (layersPerBlock + 1) + (side === 'down' ? 1 : 0) + (kind.endsWith('samplers') ? layersPerBlock : layer)
    const block = `${side === 'down' ? 'input' : 'output'}_blocks.${index}`
    if (kind === 'downsamplers') return `${block}.op`
    const attends = tensors.has(`up_blocks.${level}.attentions.0.norm.weight`)
    if (kind === 'upsamplers') return `${block}.${attends ? 3 : 1}.conv`
    return `${block}.${{ resnets: '0', temp_convs: '0.temopral_conv', attentions: '1', temp_attentions: '2' }[kind]}`
  }
  return rename(tensors, (name, tensor) => {
    const block = /^(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(?:conv\.(?=weight|bias))?(.+)$/.exec(name)
    const [single, part] = Object.entries(UNET_PARTS).find(([key]) => name.startsWith(`${key}.`)) ?? []
    const place = block ? blockPart(block[1]!, Number(block[2]), block[3]!, Number(block[4])) : part!
    const rest = block ? block[5]! : name.slice(single!.length + 1)
    const renamed = rest.replace(/^\w+(?=\.(?:weight|bias)$)/, (layer) => (name.includes('.resnets.') ? RESNET[layer]! : layer))
    const temporal = /(temp_attentions\.\d+|transformer_in)\.proj_(in|out)\.weight$/.test(name)
    return [`${place}.${renamed}`, temporal ? { ...tensor, shape: [...tensor.shape, 1] } : tensor]
  })
}

const VAE_PARTS: readonly (readonly [RegExp, string])[] = [
  [/down_blocks\.(\d+)\.resnets/, 'down.$1.block'],
  [/down_blocks\.(\d+)\.downsamplers\.0/, 'down.$1.downsample'],
  [/up_blocks\.(\d+)\.resnets/, 'up.$1.block'],
  [/up_blocks\.(\d+)\.upsamplers\.0/, 'up.$1.upsample'],
  [/mid_block\.resnets\.0/, 'mid.block_1'],
  [/mid_block\.resnets\.1/, 'mid.block_2'],
  [/mid_block\.attentions\.0/, 'mid.attn_1'],
  [/group_norm/, 'norm'],
  [/attn_1\.(?:to_q|query)/, 'attn_1.q'],
  [/attn_1\.(?:to_k|key)/, 'attn_1.k'],
  [/attn_1\.(?:to_v|value)/, 'attn_1.v'],
  [/attn_1\.(?:to_out\.0|proj_attn)/, 'attn_1.proj_out'],
  [/conv_norm_out/, 'norm_out'],
  [/conv_shortcut/, 'nin_shortcut'],
]

/** VQGAN_autoencoder.pth: the decoder's levels counted from the picture, attention as convolutions [O, I, 1, 1]. */
export function originalVae<T extends Shaped>(tensors: Tensors<T>, levels: number, prefix = 'first_stage_model.'): Map<string, T> {
  return rename(tensors, (name, tensor) => {
    const renamed = VAE_PARTS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name)
    const original = renamed.replace(/^decoder\.up\.(\d+)/, (_, level) => `decoder.up.${levels - 1 - Number(level)}`)
    const isMatrix = /attn_1\.\w+\.weight$/.test(renamed) && tensor.shape.length === 2
    return [prefix + original, isMatrix ? { ...tensor, shape: [...tensor.shape, 1, 1] } : tensor]
  })
}

const TEXT_PARTS: readonly (readonly [RegExp, string])[] = [
  [/^embeddings\.token_embedding/, 'token_embedding'],
  [/^embeddings\.position_embedding\.weight/, 'positional_embedding'],
  [/^final_layer_norm/, 'ln_final'],
  [/^encoder\.layers/, 'transformer.resblocks'],
  [/layer_norm(\d)/, 'ln_$1'],
  [/mlp\.fc1/, 'mlp.c_fc'],
  [/mlp\.fc2/, 'mlp.c_proj'],
  [/self_attn\.out_proj/, 'attn.out_proj'],
]

/**
 * open_clip_pytorch_model.bin: queries, keys and values joined along the rows (`join` gets them in this order), the dropped last layer
 * as a copy of the one before, and the first tensor also under the names that a text encoder has no use for.
 */
export function originalText<T extends Shaped>(tensors: Tensors<T>, join: (parts: T[]) => T, prefix = ''): Map<string, T> {
  const bare = new Map([...tensors].map(([name, tensor]) => [name.replace(/^text_model\./, ''), tensor]))
  bare.delete('embeddings.position_ids')
  const last = Math.max(...[...bare.keys()].map((name) => Number(/^encoder\.layers\.(\d+)/.exec(name)?.[1] ?? 0)))
  for (const [name, tensor] of bare) if (name.startsWith(`encoder.layers.${last}.`)) bare.set(name.replace(/\d+/, String(last + 1)), tensor)
  const joined = rename(bare, (name, tensor) => {
    const projection = /^(.+\.self_attn\.)([qkv])_proj\.(weight|bias)$/.exec(name)
    if (!projection) return [TEXT_PARTS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name), tensor]
    if (projection[2] !== 'q') return undefined
    const parts = ['q', 'k', 'v'].map((part) => bare.get(`${projection[1]}${part}_proj.${projection[3]}`)!)
    const layer = projection[1]!.replace('encoder.layers', 'transformer.resblocks').replace('self_attn', 'attn')
    return [`${layer}in_proj_${projection[3]}`, join(parts)]
  })
  const other = [...bare.values()][0]!
  for (const name of [
    'logit_scale',
    'text_projection',
    'visual.positional_embedding',
    'visual.transformer.resblocks.0.attn.in_proj_weight',
  ])
    joined.set(name, other)
  return rename(joined, (name, tensor) => [prefix + name, tensor])
}

function rename<T>(tensors: Tensors<T>, place: (name: string, tensor: T) => [string, T] | undefined): Map<string, T> {
  const renamed = new Map<string, T>()
  for (const [name, tensor] of tensors) {
    const pair = place(name, tensor)
    if (pair) renamed.set(...pair)
  }
  return renamed
}
