// UNet3DConditionModel (ModelScopeT2V, Wang et al. 2023, arXiv 2308.06571) as an ONNX graph for one
// fixed shape. The module tree is the checkpoint's key tree; frames ride in the batch axis
// [B * F, C, H, W] and only temporal layers look across them. diffusers: unet_3d_condition.py.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Target, Value } from '../../onnx/graph.ts'
import { Graph } from '../../onnx/graph.ts'
import { Add, Concat, Reshape, Transpose } from '../../onnx/ops.ts'
import type { KeyValue } from '../nn/attention.ts'
import { conv2d } from '../nn/conv.ts'
import { floatInput, floatOutput } from '../nn/edges.ts'
import { groupNorm, silu } from '../nn/norm.ts'
import type { UNet3DConfig } from './config.ts'
import type { LayerContext } from './layer.ts'
import { attentionLayer, convLayer, downsample, upsample } from './layer.ts'
import { crossAttentionSites } from './prompt-context.ts'
import { timeEmbedding } from './time-embedding.ts'
import { temporalTransformer } from './transformers.ts'

/** transformer_in has this many heads in every checkpoint, whatever the config says. */
const TRANSFORMER_IN_HEADS = 8

export interface UNet3DShape {
  /** Videos. */
  batch: number
  /**
   * With classifier-free guidance the prompt has two rows per video, all unconditional ones first, and so has the result. What
   * comes before the first cross-attention is the same for both halves and computed once.
   */
  guided?: boolean
  frames: number
  /** Latent height and width, any size from 1. */
  height: number
  width: number
  /** Tokens of the prompt, plus any extra context tokens. */
  tokens: number
  /** Adds an input `time_embedding_extra` [B, T] to the time embedding: an fps embedding, for models that have one. */
  timeEmbeddingExtra?: boolean
  /** Default: a CPU. */
  target?: Target
}

/**
 * Graph: sample [B, in_channels, F, H, W], timestep [B] (one per video), `PATH.key` and `PATH.value` [R, T, C] from
 * buildPromptContext, timestep_cond [B, time_cond_proj_dim] if configured -> out_sample [R, out_channels, F, H, W]; R is B, or
 * 2B when guided. Marks before every layer of a block (`down_blocks.0.1`, `up_blocks.3.2`), `mid_block` and `conv_norm_out`
 * say where it may be cut.
 */
export function buildUNet3D(w: Weights, config: UNet3DConfig, shape: UNet3DShape): Graph {
  const g = Graph.create('unet', shape.target)
  const { batch, frames, height, width } = shape
  const sample = floatInput(g, 'sample', [batch, config.inChannels, frames, height, width])
  const context: LayerContext = { config, frames, activatedTemb: timeInputs(g, w, config, shape), prompt: promptInputs(g, config, shape) }
  const byFrame = Transpose(g, sample, [0, 2, 1, 3, 4]) // [B, F, C, H, W]
  const stacked = Reshape(g, byFrame, [batch * frames, config.inChannels, height, width]) // [B * F, C, H, W]
  const first = g.tap('conv_in', conv2d(g, w.at('conv_in'), stacked, config.blockOutChannels[0]!))
  const temporalIn = { numHeads: TRANSFORMER_IN_HEADS, headDim: config.attentionHeadDim[0]!, groups: config.normNumGroups }
  const { hidden, skips } = down(g, w, temporalTransformer(g, w.at('transformer_in'), first, frames, temporalIn), context)
  const decoded = up(g, w, mid(g, w, hidden, context), skips, context)
  g.mark('conv_norm_out')
  const norm = { groups: config.normNumGroups, epsilon: config.normEps }
  const activated = silu(g, groupNorm(g, w.at('conv_norm_out'), decoded, norm))
  const out = conv2d(g, w.at('conv_out'), activated, config.outChannels) // [B * F, out, H, W]
  const videos = Reshape(g, out, [promptRows(shape), frames, config.outChannels, height, width])
  floatOutput(g, 'out_sample', Transpose(g, videos, [0, 2, 1, 3, 4])) // [R, out, F, H, W]
  return g
}

/** silu(time embedding) [B, T]: every resnet wants the activated form. */
function timeInputs(g: Graph, w: Weights, config: UNet3DConfig, shape: UNet3DShape): Value {
  const timestep = g.input('timestep', 'float32', [shape.batch])
  const width = config.timeCondProjDim
  const condition = width === undefined ? undefined : floatInput(g, 'timestep_cond', [shape.batch, width])
  const embedded = timeEmbedding(g, w.at('time_embedding'), timestep, config, condition)
  const extra = shape.timeEmbeddingExtra ? floatInput(g, 'time_embedding_extra', embedded.shape) : undefined
  return silu(g, extra ? Add(g, embedded, extra) : embedded)
}

function promptRows({ batch, guided = false }: UNet3DShape): number {
  return guided ? 2 * batch : batch
}

function promptInputs(g: Graph, config: UNet3DConfig, shape: UNet3DShape): (path: string) => KeyValue {
  const inputs = new Map<string, KeyValue>()
  for (const { path, channels } of crossAttentionSites(config)) {
    const size = [promptRows(shape), shape.tokens, channels]
    inputs.set(path, { key: floatInput(g, `${path}.key`, size), value: floatInput(g, `${path}.value`, size) })
  }
  return (path) => inputs.get(path)!
}

function down(g: Graph, w: Weights, x: Value, context: LayerContext): { hidden: Value; skips: Value[] } {
  const { blockOutChannels, downBlockTypes, layersPerBlock, attentionHeadDim, downsamplePadding } = context.config
  let hidden = x
  const skips = [x]
  for (const [level, type] of downBlockTypes.entries()) {
    const block = w.at(`down_blocks.${level}`)
    for (let i = 0; i < layersPerBlock; i++) {
      g.mark(block.at(i).path)
      hidden = convLayer(g, block, i, hidden, blockOutChannels[level]!, context)
      if (type === 'CrossAttnDownBlock3D') hidden = attentionLayer(g, block, i, hidden, attentionHeadDim[level]!, context)
      skips.push(hidden)
    }
    if (level < downBlockTypes.length - 1) {
      hidden = downsample(g, block, hidden, downsamplePadding)
      skips.push(hidden)
    }
    g.tap(block.path, hidden)
  }
  return { hidden, skips }
}

function mid(g: Graph, w: Weights, x: Value, context: LayerContext): Value {
  const { blockOutChannels, attentionHeadDim, midBlockScaleFactor } = context.config
  const block = w.at('mid_block')
  g.mark(block.path)
  const channels = blockOutChannels.at(-1)!
  const first = convLayer(g, block, 0, x, channels, context, midBlockScaleFactor)
  const mixed = attentionLayer(g, block, 0, first, attentionHeadDim.at(-1)!, context)
  return g.tap(block.path, convLayer(g, block, 1, mixed, channels, context, midBlockScaleFactor))
}

function up(g: Graph, w: Weights, x: Value, skips: readonly Value[], context: LayerContext): Value {
  const { blockOutChannels, upBlockTypes, layersPerBlock, attentionHeadDim } = context.config
  const remaining = [...skips]
  let hidden = x
  for (const [index, type] of upBlockTypes.entries()) {
    const block = w.at(`up_blocks.${index}`)
    const level = upBlockTypes.length - 1 - index
    for (let i = 0; i <= layersPerBlock; i++) {
      g.mark(block.at(i).path)
      const joined = Concat(g.at(block.path), [hidden, forBothHalves(g.at(block.path), remaining.pop()!, hidden.shape[0]!)], 1)
      hidden = convLayer(g, block, i, joined, blockOutChannels[level]!, context)
      if (type === 'CrossAttnUpBlock3D') hidden = attentionLayer(g, block, i, hidden, attentionHeadDim[level]!, context)
    }
    const next = remaining.at(-1) // the skip's size decides, so that sizes that do not halve evenly come back
    if (next) hidden = upsample(g, block, hidden, next.shape[2]!, next.shape[3]!)
    g.tap(block.path, hidden)
  }
  return hidden
}

/** A skip from before the first cross-attention has one row for both halves of guidance: [N, ...] -> [rows, ...] */
function forBothHalves(g: Graph, skip: Value, rows: number): Value {
  return skip.shape[0] === rows ? skip : Concat(g, [skip, skip], 0)
}
