// AutoencoderKL's decoder (Rombach et al. 2022, arXiv 2112.10752) as an ONNX graph. It decodes images,
// not clips: a video is decoded frame by frame, so memory does not grow with its length.

import type { Weights } from '../../checkpoint/weights.ts'
import type { Target } from '../../onnx/graph.ts'
import { Graph } from '../../onnx/graph.ts'
import { Div } from '../../onnx/ops.ts'
import { conv2d } from '../nn/conv.ts'
import { floatOutput, toTarget } from '../nn/edges.ts'
import { groupNorm, silu } from '../nn/norm.ts'
import { resnetBlock } from '../nn/resnet.ts'
import { upsampleConv } from '../nn/upsample.ts'
import type { VaeConfig } from './config.ts'
import { EPSILON, midBlock } from './mid-block.ts'

export interface VaeShape {
  batch: number
  /** Latent height and width. */
  height: number
  width: number
  /** Default: a CPU. */
  target?: Target
}

/**
 * Graph: latents [N, latent_channels, h, w] -> image [N, out_channels, h * scale, w * scale], about [-1, 1].
 * Latents are those of the diffusion process: the graph divides them by the scaling factor first, unless `scaled` is false.
 */
export function buildVaeDecoder(w: Weights, config: VaeConfig, shape: VaeShape, scaled = true): Graph {
  const g = Graph.create('vae_decoder', shape.target)
  const { blockOutChannels, latentChannels, layersPerBlock } = config
  const norm = { groups: config.normNumGroups, epsilon: EPSILON }
  const latents = g.input('latents', 'float32', [shape.batch, latentChannels, shape.height, shape.width])
  const sample = toTarget(g, scaled ? Div(g, latents, g.scalar(config.scalingFactor, 'float32')) : latents)
  const decoder = w.at('decoder')
  const posted = config.usePostQuantConv ? conv2d(g, w.at('post_quant_conv'), sample, latentChannels, { kernel: 1 }) : sample
  let hidden = conv2d(g, decoder.at('conv_in'), posted, blockOutChannels.at(-1)!)
  hidden = midBlock(g, decoder.at('mid_block'), hidden, config)
  for (const [i, channels] of [...blockOutChannels].reverse().entries()) {
    const block = decoder.at(`up_blocks.${i}`)
    for (let j = 0; j <= layersPerBlock; j++) hidden = resnetBlock(g, block.at(`resnets.${j}`), hidden, { outChannels: channels, norm })
    if (i === blockOutChannels.length - 1) continue
    const [height, width] = hidden.shape.slice(2)
    hidden = upsampleConv(g, block.at('upsamplers.0.conv'), hidden, channels, [height! * 2, width! * 2])
  }
  const activated = silu(g, groupNorm(g, decoder.at('conv_norm_out'), hidden, norm))
  floatOutput(g, 'image', conv2d(g, decoder.at('conv_out'), activated, config.outChannels))
  return g
}
