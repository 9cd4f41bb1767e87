// What a full-size checkpoint of text-to-video-ms-1.7b consists of: its configs and the name and
// shape of every tensor. Values are those of the published repository, minus keys nobody reads.

import { readFileSync } from 'node:fs'

const fixtures = new URL('../packages/kinora/test/fixtures/', import.meta.url)

/** Tokenizer files to put beside the weights: those of a small fixture, so ids stay below 49408. */
export const TOKENIZER_FOLDER = new URL('checkpoints/ms/tokenizer/', fixtures)

/** The three parts that hold tensors; `files` is the stem of the weight file in the part's folder. */
export const COMPONENTS = [
  { name: 'unet', file: 'diffusion_pytorch_model' },
  { name: 'vae', file: 'diffusion_pytorch_model' },
  { name: 'text_encoder', file: 'model' },
] as const

export type ComponentName = (typeof COMPONENTS)[number]['name']

/** Every tensor of a component: name -> shape. */
export function fullSizeShapes(component: ComponentName): Record<string, number[]> {
  return JSON.parse(readFileSync(new URL(`full-size/${component}.shapes.json`, fixtures), 'utf8')) as Record<string, number[]>
}

const UNET_CONFIG = {
  _class_name: 'UNet3DConditionModel',
  act_fn: 'silu',
  attention_head_dim: 64,
  block_out_channels: [320, 640, 1280, 1280],
  cross_attention_dim: 1024,
  down_block_types: ['CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'DownBlock3D'],
  downsample_padding: 1,
  in_channels: 4,
  layers_per_block: 2,
  mid_block_scale_factor: 1,
  norm_eps: 1e-5,
  norm_num_groups: 32,
  out_channels: 4,
  sample_size: 32,
  up_block_types: ['UpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D'],
}

const VAE_CONFIG = {
  _class_name: 'AutoencoderKL',
  act_fn: 'silu',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'],
  in_channels: 3,
  latent_channels: 4,
  layers_per_block: 2,
  norm_num_groups: 32,
  out_channels: 3,
  sample_size: 512,
  scaling_factor: 0.18215,
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D'],
}

const TEXT_ENCODER_CONFIG = {
  architectures: ['CLIPTextModel'],
  bos_token_id: 0,
  eos_token_id: 2,
  hidden_act: 'gelu',
  hidden_size: 1024,
  initializer_range: 0.02,
  intermediate_size: 4096,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 77,
  model_type: 'clip_text_model',
  num_attention_heads: 16,
  num_hidden_layers: 23,
  pad_token_id: 1,
  projection_dim: 512,
  vocab_size: 49408,
}

const SCHEDULER_CONFIG = {
  _class_name: 'DDIMScheduler',
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  clip_sample: false,
  clip_sample_range: 1,
  dynamic_thresholding_ratio: 0.995,
  num_train_timesteps: 1000,
  prediction_type: 'epsilon',
  sample_max_value: 1,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  thresholding: false,
  trained_betas: null,
}

const MODEL_INDEX = {
  _class_name: 'TextToVideoSDPipeline',
  _diffusers_version: '0.15.0.dev0',
  scheduler: ['diffusers', 'DDIMScheduler'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  unet: ['diffusers', 'UNet3DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
}

/** The JSON files of the folder layout, by path inside the checkpoint. */
export const CONFIG_FILES: Readonly<Record<string, unknown>> = {
  'model_index.json': MODEL_INDEX,
  'scheduler/scheduler_config.json': SCHEDULER_CONFIG,
  'text_encoder/config.json': TEXT_ENCODER_CONFIG,
  'unet/config.json': UNET_CONFIG,
  'vae/config.json': VAE_CONFIG,
}
