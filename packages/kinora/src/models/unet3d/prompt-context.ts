// The prompt's keys and values for every cross-attention of the UNet, as a graph of its own: they
// depend on neither step nor frame, so a pipeline computes them once and feeds them to every step.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Target } from '../../onnx/graph.ts'
import { Graph } from '../../onnx/graph.ts'
import { keyValue } from '../nn/attention.ts'
import { floatInput, floatOutput } from '../nn/edges.ts'
import type { UNet3DConfig } from './config.ts'

export interface PromptContextShape {
  batch: number
  /** Tokens of the prompt, plus any extra context tokens. */
  tokens: number
  /** Default: a CPU. */
  target?: Target
}

/** One cross-attention's place and width. */
export interface CrossAttentionSite {
  /** Checkpoint path of the spatial transformer, for example `mid_block.attentions.0`. */
  path: string
  channels: number
  headDim: number
}

/** Every spatial transformer in the order of the UNet's forward pass. */
export function crossAttentionSites(config: UNet3DConfig): CrossAttentionSite[] {
  const { blockOutChannels: channels, attentionHeadDim: heads, layersPerBlock } = config
  const last = channels.length - 1
  const block = (path: string, level: number, layers: number) =>
    Array.from({ length: layers }, (_, i) => ({ path: `${path}.attentions.${i}`, channels: channels[level]!, headDim: heads[level]! }))
  return [
    ...config.downBlockTypes.flatMap((type, i) => (type === 'DownBlock3D' ? [] : block(`down_blocks.${i}`, i, layersPerBlock))),
    ...block('mid_block', last, 1),
    ...config.upBlockTypes.flatMap((type, i) => (type === 'UpBlock3D' ? [] : block(`up_blocks.${i}`, last - i, layersPerBlock + 1))),
  ]
}

/** Graph: encoder_hidden_states [B, T, cross_attention_dim] -> `PATH.key`, `PATH.value` [B, T, C] for every site. */
export function buildPromptContext(w: Weights, config: UNet3DConfig, shape: PromptContextShape): Graph {
  const g = Graph.create('prompt_context', shape.target)
  const context = floatInput(g, 'encoder_hidden_states', [shape.batch, shape.tokens, config.crossAttentionDim])
  for (const { path, channels, headDim } of crossAttentionSites(config)) {
    const attn2 = w.at(path).at('transformer_blocks.0.attn2')
    const { key, value } = keyValue(g, attn2, context, { headDim, numHeads: channels / headDim })
    floatOutput(g, `${path}.key`, key)
    floatOutput(g, `${path}.value`, value)
  }
  return g
}
