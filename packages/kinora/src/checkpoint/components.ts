// What each part of a text-to-video checkpoint is called in diffusers' folder layout: its class in
// model_index.json, the stem of its weight files and how its tensor names map to today's.

import type { Component } from './checkpoint.ts'
import { clipKeys } from './keys/clip.ts'
import { unetKeys } from './keys/diffusers-unet.ts'
import { vaeKeys } from './keys/diffusers-vae-legacy.ts'
import type { KeyMap } from './keys/key-map.ts'

export interface ComponentLayout {
  readonly className: string
  /** `model` of `model.fp16.safetensors`. */
  readonly stem: string
  readonly keys: KeyMap
}

export const COMPONENTS: Readonly<Record<Component, ComponentLayout>> = {
  text_encoder: { className: 'CLIPTextModel', stem: 'model', keys: clipKeys },
  unet: { className: 'UNet3DConditionModel', stem: 'diffusion_pytorch_model', keys: unetKeys },
  vae: { className: 'AutoencoderKL', stem: 'diffusion_pytorch_model', keys: vaeKeys },
}

export const COMPONENT_NAMES = Object.keys(COMPONENTS) as Component[]

/** One network, three names over the years. */
export const PIPELINE_CLASSES: readonly string[] = ['TextToVideoSDPipeline', 'VideoToVideoSDPipeline', 'TextToVideoMSPipeline']
export const TOKENIZER_CLASSES: readonly string[] = ['CLIPTokenizer', 'CLIPTokenizerFast']
