// OpenCLIP's whole model (open_clip_pytorch_model.bin) -> CLIPTextModel's names. The UNet was trained on the output
// of the layer before the last, so that one goes, with everything that is not the text encoder's. One matrix holds
// queries, keys and values there, one after the other. diffusers: loaders/single_file_utils.py.

import type { KeyMap } from './key-map.ts'

const DROPPED = /^(?:visual\..+|text_projection|logit_scale|logit_bias|attn_mask)$/

const SINGLE = new Map([
  ['token_embedding.weight', 'embeddings.token_embedding.weight'],
  ['positional_embedding', 'embeddings.position_embedding.weight'],
  ['ln_final.weight', 'final_layer_norm.weight'],
  ['ln_final.bias', 'final_layer_norm.bias'],
])

const LAYER = new Map([
  ['ln_1', 'layer_norm1'],
  ['ln_2', 'layer_norm2'],
  ['mlp.c_fc', 'mlp.fc1'],
  ['mlp.c_proj', 'mlp.fc2'],
  ['attn.out_proj', 'self_attn.out_proj'],
])

/**
 * `transformer.resblocks.0.attn.in_proj_weight` [3C, C] -> `encoder.layers.0.self_attn.{q,k,v}_proj.weight` [C, C]. `resblocks` is the
 * number of layers in the file. Names that the original does not have pass unchanged.
 */
export function openClipKeys(resblocks: number): KeyMap {
  return (name, shape) => {
    if (DROPPED.test(name)) return undefined
    const [, index = '', part = '', kind] = /^transformer\.resblocks\.(\d+)\.(.+)[._](weight|bias)$/.exec(name) ?? []
    if (index !== '' && Number(index) === resblocks - 1) return undefined
    const layer = `encoder.layers.${index}`
    if (part === 'attn.in_proj' && shape[0]! % 3 === 0)
      return ['q', 'k', 'v'].map((projection, i) => {
        const rows = shape[0]! / 3
        return { name: `${layer}.self_attn.${projection}_proj.${kind}`, shape: [rows, ...shape.slice(1)], rows: [i * rows, (i + 1) * rows] }
      })
    const renamed = LAYER.get(part)
    return { name: renamed ? `${layer}.${renamed}.${kind}` : (SINGLE.get(name) ?? name), shape }
  }
}
