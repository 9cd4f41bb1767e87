// Which weights of a UNet3D are stored in int8. What stays float is small, or decides what everything after
// it sees: first and last convolution, the timestep's layers, and what the prompt is read with, once a run.

import type { Int8Weight } from '../nn/quantize.ts'

/** The timestep's part in every resnet; keys and values of the prompt, which are computed once for all steps. */
const FLOAT = /\.time_emb_proj\.|(^|\.)attentions\.\d+\.transformer_blocks\.\d+\.attn2\.to_[kv]\./
const BLOCKS = /^(transformer_in|(down|up)_blocks\.\d+|mid_block)\..*\.weight$/
/** A feed-forward layer's first product has two halves that are taken apart. */
const HALVES = /\.ff\.net\.0\.proj\.weight$/
/** Doubles most pictures, and enlarges some to odd sizes. */
const UPSAMPLER = /\.upsamplers\.\d+\.conv\.weight$/

/** The quantized weights among those of a UNet, given by name and shape. */
export function int8Weights(entries: Iterable<readonly [string, { readonly shape: readonly number[] }]>): Int8Weight[] {
  const chosen: Int8Weight[] = []
  for (const [name, { shape }] of entries)
    if (BLOCKS.test(name) && !FLOAT.test(name) && shape.length > 1) {
      chosen.push({ name, shape, parts: HALVES.test(name) ? 2 : 1 })
      if (UPSAMPLER.test(name)) chosen.push({ name, shape, parts: 1, phases: true })
    }
  return chosen
}
