// One layer of a UNet3D block: resnet, temporal convolution and, in CrossAttn blocks, the spatial and
// the temporal transformer. Also the sampling layers between levels. diffusers: unet_3d_blocks.py.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import type { KeyValue } from '../nn/attention.ts'
import { conv2d } from '../nn/conv.ts'
import { resnetBlock } from '../nn/resnet.ts'
import { upsampleConv } from '../nn/upsample.ts'
import type { UNet3DConfig } from './config.ts'
import { temporalConv } from './temporal-conv.ts'
import { spatialTransformer, temporalTransformer } from './transformers.ts'

/** What every layer of one UNet shares. */
export interface LayerContext {
  config: UNet3DConfig
  frames: number
  /** silu(time embedding) [B, T] */
  activatedTemb: Value
  /** The prompt's keys and values for the cross-attention at this path. */
  prompt: (path: string) => KeyValue
}

/** x [B * F, Cin, H, W] -> [B * F, outChannels, H, W]: block.resnets.i, then block.temp_convs.i */
export function convLayer(g: Graph, block: Weights, i: number, x: Value, outChannels: number, context: LayerContext, scale = 1): Value {
  const { config, frames, activatedTemb } = context
  const norm = { groups: config.normNumGroups, epsilon: config.normEps }
  const hidden = resnetBlock(
    g,
    block.at('resnets').at(i),
    x,
    { outChannels, norm, outputScaleFactor: scale },
    { activated: activatedTemb, frames },
  )
  return temporalConv(g, block.at('temp_convs').at(i), hidden, frames, config.normNumGroups)
}

/** x [B * F, C, H, W] -> [R * F, C, H, W], R the prompt's rows: block.attentions.i, then block.temp_attentions.i; heads are headDim wide. */
export function attentionLayer(g: Graph, block: Weights, i: number, x: Value, headDim: number, context: LayerContext): Value {
  const config = { headDim, numHeads: x.shape[1]! / headDim, groups: context.config.normNumGroups }
  const spatial = block.at('attentions').at(i)
  const hidden = spatialTransformer(g, spatial, x, context.frames, config, context.prompt(spatial.path))
  return temporalTransformer(g, block.at('temp_attentions').at(i), hidden, context.frames, config)
}

/** x [N, C, H, W] -> [N, C, ceil(H / 2), ceil(W / 2)] (with padding 1) */
export function downsample(g: Graph, block: Weights, x: Value, padding: number): Value {
  const w = block.at('downsamplers.0')
  return g.tap(w.path, conv2d(g, w.at('conv'), x, x.shape[1]!, { stride: 2, padding }))
}

/** x [N, C, h, w] -> [N, C, height, width]: nearest neighbour, then a convolution */
export function upsample(g: Graph, block: Weights, x: Value, height: number, width: number): Value {
  const w = block.at('upsamplers.0')
  return upsampleConv(g, w.at('conv'), x, x.shape[1]!, [height, width])
}
