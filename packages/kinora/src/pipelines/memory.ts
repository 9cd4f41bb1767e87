// About how much memory a generation takes, from its settings and the model's configs alone, so that a
// machine that is too small is known before an hour is spent. An estimate, not a limit: the shares
// below were fitted to the peak resident memory of small models and hold within some 20 %.

import type { UNet3DConfig, VaeConfig } from '../models/index.ts'
import type { Settings } from './settings.ts'

const FLOAT32_BYTES = 4
/** Node.js and ONNX Runtime in the engine process, and Node.js in the caller's, before any model. */
const BASE_BYTES = 240 * 2 ** 20
/** transformer_in has this many heads whatever the config says, which makes it the widest module. */
const TRANSFORMER_IN_HEADS = 8
/** Tensors as wide as transformer_in that are alive at once there: input, normalized, queries, keys, values, result and what surrounds them. */
const ATTENTION_LIVE = 8
/** First-level channels alive at once in the last up block: the joined skips, their normalized form and the convolution's result. */
const RESNET_LIVE = 11
/** What ONNX Runtime's arena takes for each byte that is alive, since its blocks grow by doubling. */
const ARENA = 1.42
/** Floats alive for each pixel: a few tensors of the second level's channels at full size, and the picture on its way to the caller. */
const VAE_LIVE_PER_CHANNEL = 5.5
const VAE_LIVE_BASE = 55

/** Bytes; `total` is the sum over both processes at the peak. */
export interface MemoryEstimate {
  /** Weights that are in memory at once, in float32. */
  weights: number
  /** The larger of the UNet's and the decoder's working memory. */
  activations: number
  /** The finished frames [B, F, H, W, 3] in the caller's process. */
  frames: number
  total: number
}

export interface EstimatedModel {
  unet: UNet3DConfig
  vae: VaeConfig
  weightBytes: { total: number; largest: number; converted: number }
  /** One component in memory at a time, instead of all of them. */
  offload: boolean
}

export function estimateMemory(settings: Settings, { unet, vae, weightBytes, offload }: EstimatedModel): MemoryEstimate {
  const { prompt, numFrames, height, width, guidanceScale } = settings
  const pixels = height * width
  const rows = prompt.length * numFrames * (guidanceScale > 1 ? 2 : 1)
  const inner = Math.max(TRANSFORMER_IN_HEADS * unet.attentionHeadDim[0]!, unet.blockOutChannels[0]!)
  const floatsPerLatent = ARENA * (ATTENTION_LIVE * inner + RESNET_LIVE * unet.blockOutChannels[0]! + skipChannels(unet))
  const denoising = rows * (pixels / vae.scaleFactor ** 2) * floatsPerLatent
  const widest = vae.blockOutChannels[1] ?? vae.blockOutChannels[0]!
  const decoding = pixels * (widest * VAE_LIVE_PER_CHANNEL + VAE_LIVE_BASE) // frame by frame
  const weights = offload ? weightBytes.largest : weightBytes.total
  const activations = Math.round(Math.max(denoising, decoding) * FLOAT32_BYTES)
  const frames = prompt.length * numFrames * pixels * 3 * FLOAT32_BYTES
  // Half-precision weights are in memory in both forms while they are loaded.
  const total = BASE_BYTES + weights + Math.max(activations + frames, weightBytes.converted)
  return { weights, activations, frames, total }
}

/** Floats that the UNet keeps for its up blocks, for each latent pixel of the first level. */
function skipChannels({ blockOutChannels, layersPerBlock }: UNet3DConfig): number {
  return blockOutChannels.reduce((sum, channels, level) => {
    const first = blockOutChannels[Math.max(0, level - 1)]! // conv_in's output, or the downsampled one of the level before
    return sum + (first + layersPerBlock * channels) / 4 ** level
  }, 0)
}
