// AutoencoderKL: files saved before May 2023 name the middle attention's layers query, key, value and
// proj_attn; some hold them as 1x1 convolutions. Models see today's names and [out, in] matrices.

import { asMatrix, type KeyMap } from './key-map.ts'

const CURRENT_NAME = new Map([
  ['query', 'to_q'],
  ['key', 'to_k'],
  ['value', 'to_v'],
  ['proj_attn', 'to_out.0'],
])

const ATTENTION = /^((?:encoder|decoder)\.mid_block\.attentions\.\d+)\.(query|key|value|proj_attn|to_q|to_k|to_v|to_out\.0)\.(weight|bias)$/

/** `decoder.mid_block.attentions.0.query.weight` [O, I, 1, 1] -> `....to_q.weight` [O, I]; other tensors pass unchanged. */
export const vaeKeys: KeyMap = (name, shape) => {
  const [, attention, layer = '', kind] = ATTENTION.exec(name) ?? []
  if (attention === undefined) return { name, shape }
  return { name: `${attention}.${CURRENT_NAME.get(layer) ?? layer}.${kind}`, shape: asMatrix(shape) }
}
