// AutoencoderKL's encoder as an ONNX graph: an image becomes the mean and log-variance of its latents.

import type { Weights } from '../../checkpoint/weights.ts'
import { Graph } from '../../onnx/graph.ts'
import { Pad, Slice } from '../../onnx/ops.ts'
import { conv2d } from '../nn/conv.ts'
import { floatInput, floatOutput } from '../nn/edges.ts'
import { groupNorm, silu } from '../nn/norm.ts'
import { resnetBlock } from '../nn/resnet.ts'
import type { VaeConfig } from './config.ts'
import type { VaeShape } from './decoder.ts'
import { EPSILON, midBlock } from './mid-block.ts'

/**
 * Graph: image [N, in_channels, h * scale, w * scale] in [-1, 1] -> mean, logvar [N, latent_channels, h, w],
 * neither scaled nor clamped.
 */
export function buildVaeEncoder(w: Weights, config: VaeConfig, shape: VaeShape): Graph {
  const g = Graph.create('vae_encoder', shape.target)
  const { blockOutChannels, latentChannels, layersPerBlock, scaleFactor } = config
  const norm = { groups: config.normNumGroups, epsilon: EPSILON }
  const image = floatInput(g, 'image', [shape.batch, config.inChannels, shape.height * scaleFactor, shape.width * scaleFactor])
  const encoder = w.at('encoder')
  let hidden = conv2d(g, encoder.at('conv_in'), image, blockOutChannels[0]!)
  for (const [i, channels] of blockOutChannels.entries()) {
    const block = encoder.at(`down_blocks.${i}`)
    for (let j = 0; j < layersPerBlock; j++) hidden = resnetBlock(g, block.at(`resnets.${j}`), hidden, { outChannels: channels, norm })
    if (i === blockOutChannels.length - 1) continue
    const padded = Pad(g.at(block.path), hidden, [0, 0, 0, 0, 0, 0, 1, 1]) // the reference pads right and bottom only
    hidden = conv2d(g, block.at('downsamplers.0.conv'), padded, channels, { stride: 2, padding: 0 })
  }
  hidden = midBlock(g, encoder.at('mid_block'), hidden, config)
  const activated = silu(g, groupNorm(g, encoder.at('conv_norm_out'), hidden, norm))
  let moments = conv2d(g, encoder.at('conv_out'), activated, 2 * latentChannels)
  if (config.useQuantConv) moments = conv2d(g, w.at('quant_conv'), moments, 2 * latentChannels, { kernel: 1 })
  floatOutput(g, 'mean', Slice(g, moments, 1, 0, latentChannels))
  floatOutput(g, 'logvar', Slice(g, moments, 1, latentChannels, 2 * latentChannels))
  return g
}
