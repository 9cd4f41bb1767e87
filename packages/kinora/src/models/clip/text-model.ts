// CLIP's text encoder (Radford et al. 2021, arXiv 2103.00020) as an ONNX graph: causal pre-norm
// transformer over token ids. No pooling and no projection: the UNet attends to all positions.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Target, Value } from '../../onnx/graph.ts'
import { Graph } from '../../onnx/graph.ts'
import { Add, Concat, Gather, Gelu, QuickGelu } from '../../onnx/ops.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { floatOutput, toTarget } from '../nn/edges.ts'
import { linear } from '../nn/linear.ts'
import { mixHeads } from '../nn/mix-heads.ts'
import { layerNorm } from '../nn/norm.ts'
import { weight, weightRows } from '../nn/weight.ts'
import type { ClipTextConfig } from './config.ts'

export interface ClipTextShape {
  batch: number
  tokens: number
  /** Layers to leave out at the end; the final LayerNorm always runs. Default 0. */
  clipSkip?: number
  /** Vectors [n, hidden_size] of tokens beyond the vocabulary: their ids follow one another from vocab_size. */
  addedEmbeddings?: readonly Tensor<'float32'>[]
  /** Default: a CPU. */
  target?: Target
}

/** Graph: input_ids [B, T] int64 -> last_hidden_state [B, T, hidden_size] */
export function buildClipText(w: Weights, config: ClipTextConfig, shape: ClipTextShape): Graph {
  const g = Graph.create('text_encoder', shape.target)
  const { batch, tokens, clipSkip = 0, addedEmbeddings = [] } = shape
  const ids = g.input('input_ids', 'int64', [batch, tokens])
  const embeddings = w.at('embeddings')
  const vocabulary = weight(g, embeddings, 'token_embedding.weight', [config.vocabSize, config.hiddenSize])
  const table = withRows(g.at('embeddings'), vocabulary, addedEmbeddings)
  const positionShape = [config.maxPositionEmbeddings, config.hiddenSize]
  const positions = weightRows(g, embeddings, 'position_embedding.weight', positionShape, 0, tokens)
  const states = [Add(g, Gather(g.at('embeddings'), table, ids), positions)] // [B, T, C]
  for (let i = 0; i < config.numHiddenLayers; i++) states.push(encoderLayer(g, w.at(`encoder.layers.${i}`), states[i]!, config))
  const last = states[config.numHiddenLayers - clipSkip]!
  floatOutput(g, 'last_hidden_state', layerNorm(g, w.at('final_layer_norm'), last, config.layerNormEps))
  return g
}

/** table [V, C] and rows [n, C] each -> [V + all n, C]; the engine computes it once, when it loads the model. */
function withRows(g: Graph, table: Value, rows: readonly Tensor<'float32'>[]): Value {
  return rows.length === 0 ? table : Concat(g, [table, ...rows.map((row) => toTarget(g, g.constant(row)))], 0)
}

/** x [B, T, C] -> [B, T, C] */
function encoderLayer(graph: Graph, w: Weights, x: Value, config: ClipTextConfig): Value {
  const g = graph.at(w.path)
  const { hiddenSize, layerNormEps } = config
  const normed = layerNorm(g, w.at('layer_norm1'), x, layerNormEps)
  const attn = w.at('self_attn')
  const project = (name: string) => linear(g, attn.at(name), normed, hiddenSize)
  const heads = { numHeads: config.numAttentionHeads, causal: true }
  const mixed = mixHeads(g.at(attn.path), project('q_proj'), project('k_proj'), project('v_proj'), heads)
  const attended = Add(g, linear(g, attn.at('out_proj'), mixed, hiddenSize), x)
  const hidden = linear(g, w.at('mlp.fc1'), layerNorm(g, w.at('layer_norm2'), attended, layerNormEps), config.intermediateSize)
  const activated = config.hiddenAct === 'gelu' ? Gelu(g, hidden) : QuickGelu(g, hidden, 1.702)
  return Add(g, linear(g, w.at('mlp.fc2'), activated, hiddenSize), attended)
}
