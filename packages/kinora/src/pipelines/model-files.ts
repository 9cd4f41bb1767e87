// Opens a checkpoint for a pipeline: parses every config, and builds each graph once without loading
// it, so that a missing, extra or misshapen tensor is reported before any time is spent.

import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { TextualInversion } from '../checkpoint/textual-inversion.ts'
import { UnsupportedConfigError } from '../errors.ts'
import type { ClipTextConfig, UNet3DConfig, VaeConfig } from '../models/index.ts'
import {
  buildClipText,
  buildPromptContext,
  buildUNet3D,
  buildVaeDecoder,
  buildVaeEncoder,
  parseClipTextConfig,
  parseUNet3DConfig,
  parseVaeConfig,
} from '../models/index.ts'
import { ClipTokenizer } from '../tokenizer/clip.ts'
import type { UNetWeights } from './int8.ts'

export interface ModelFiles {
  checkpoint: Checkpoint
  text: ClipTextConfig
  unet: UNet3DConfig
  vae: VaeConfig
  tokenizer: ClipTokenizer
  /** Words that were added, in the order of their ids, which follow the vocabulary's. */
  textualInversions?: readonly TextualInversion[]
  /** The UNet's weights in int8, where that is asked for; made when they are first needed. */
  int8UNet?: UNetWeights
  /** Bytes of all weights once they are float32 in memory, of the largest component, and of its file where that is not float32. */
  weightBytes: { total: number; largest: number; converted: number }
}

const FLOAT32_BYTES = 4

/** Throws UnsupportedConfigError or CheckpointError naming what is wrong and where. */
export function parseModelFiles(checkpoint: Checkpoint): ModelFiles {
  const text = parseClipTextConfig(checkpoint.configs.text_encoder)
  const unet = parseUNet3DConfig(checkpoint.configs.unet)
  const vae = parseVaeConfig(checkpoint.configs.vae)
  if (text.hiddenSize !== unet.crossAttentionDim)
    throw new UnsupportedConfigError(
      `the text encoder is ${text.hiddenSize} wide, the UNet attends to ${unet.crossAttentionDim}: they are of different models`,
    )
  if (vae.latentChannels !== unet.outChannels)
    throw new UnsupportedConfigError(
      `the autoencoder has ${vae.latentChannels} latent channels, the UNet ${unet.outChannels}: they are of different models`,
    )
  checkTensors(checkpoint, text, unet, vae)
  return { checkpoint, text, unet, vae, tokenizer: ClipTokenizer.fromFiles(checkpoint.tokenizer), weightBytes: weighParts(checkpoint) }
}

function weighParts(checkpoint: Checkpoint): ModelFiles['weightBytes'] {
  const parts = (['text_encoder', 'unet', 'vae'] as const).map((component) => {
    const { bytes, parameters } = checkpoint.weights(component).size()
    return { inMemory: parameters * FLOAT32_BYTES, inFile: bytes }
  })
  const largest = parts.reduce((a, b) => (b.inMemory > a.inMemory ? b : a))
  return {
    total: parts.reduce((sum, { inMemory }) => sum + inMemory, 0),
    largest: largest.inMemory,
    converted: largest.inFile === largest.inMemory ? 0 : largest.inFile,
  }
}

/** The smallest graphs that take every tensor. */
function checkTensors(checkpoint: Checkpoint, text: ClipTextConfig, unet: UNet3DConfig, vae: VaeConfig): void {
  const one = { batch: 1, tokens: 1, frames: 1, height: 2 ** unet.blockOutChannels.length, width: 2 ** unet.blockOutChannels.length }
  const textWeights = checkpoint.weights('text_encoder')
  buildClipText(textWeights, text, one)
  textWeights.assertAllUsed()
  const unetWeights = checkpoint.weights('unet')
  buildPromptContext(unetWeights, unet, one)
  buildUNet3D(unetWeights, unet, one)
  unetWeights.assertAllUsed()
  const vaeWeights = checkpoint.weights('vae')
  buildVaeEncoder(vaeWeights, vae, one)
  buildVaeDecoder(vaeWeights, vae, one)
  vaeWeights.assertAllUsed()
}
