// CLIPTextModel's config.json with the defaults of transformers' CLIPTextConfig.

import type { RawConfig } from '../config.ts'
import { oneOf, positiveInteger, positiveNumber, unsupported } from '../config.ts'

export interface ClipTextConfig {
  vocabSize: number
  hiddenSize: number
  intermediateSize: number
  numHiddenLayers: number
  numAttentionHeads: number
  maxPositionEmbeddings: number
  hiddenAct: 'gelu' | 'quick_gelu'
  layerNormEps: number
}

/** Validates config.json. Throws UnsupportedConfigError naming the key. */
export function parseClipTextConfig(raw: RawConfig): ClipTextConfig {
  const config: ClipTextConfig = {
    vocabSize: positiveInteger(raw, 'vocab_size', 49408),
    hiddenSize: positiveInteger(raw, 'hidden_size', 512),
    intermediateSize: positiveInteger(raw, 'intermediate_size', 2048),
    numHiddenLayers: positiveInteger(raw, 'num_hidden_layers', 12),
    numAttentionHeads: positiveInteger(raw, 'num_attention_heads', 8),
    maxPositionEmbeddings: positiveInteger(raw, 'max_position_embeddings', 77),
    hiddenAct: oneOf(raw, 'hidden_act', 'quick_gelu', ['gelu', 'quick_gelu']),
    layerNormEps: positiveNumber(raw, 'layer_norm_eps', 1e-5),
  }
  if (config.hiddenSize % config.numAttentionHeads !== 0)
    throw unsupported('num_attention_heads', config.numAttentionHeads, `a divisor of hidden_size ${config.hiddenSize}`)
  return config
}
