// Writes a small diffusers checkpoint of the fixtures in the layout of the original ModelScope release, as PyTorch files.
// Small models break the family's constants (32 groups, heads 64 wide), so their config.json files lie beside.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { encodeSafetensors } from '../../src/tensor/safetensors.ts'
import { bytesPerElement, elementCount, type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts'
import { originalText, originalUNet, originalVae } from './original-names.ts'
import { pyCall, pyGlobal } from './pickle-file.ts'
import { fixture, readSafetensors } from './safetensors.ts'
import { torchZip } from './torch-file.ts'

export const UNET = 'text2video_pytorch_model.pth'
export const VAE = 'VQGAN_autoencoder.pth'
export const TEXT = 'open_clip_pytorch_model.bin'

/** configuration.json as it was published, with the numbers of the fixture `ms`. */
export const CONFIGURATION = {
  framework: 'pytorch',
  task: 'text-to-video-synthesis',
  model: {
    type: 'latent-text-to-video-synthesis',
    model_args: { ckpt_clip: TEXT, ckpt_unet: UNET, ckpt_autoencoder: VAE, max_frames: 16, tiny_gpu: 1 },
    model_cfg: {
      unet_in_dim: 4,
      unet_dim: 8,
      unet_y_dim: 768,
      unet_context_dim: 16,
      unet_out_dim: 4,
      unet_dim_mult: [1, 2, 3, 3],
      unet_num_heads: 8,
      unet_head_dim: 8,
      unet_res_blocks: 2,
      unet_attn_scales: [1, 0.5, 0.25],
      unet_dropout: 0.1,
      temporal_attention: 'True',
      num_timesteps: 1000,
      mean_type: 'eps',
      var_type: 'fixed_small',
      loss_type: 'mse',
    },
  },
  pipeline: { type: 'latent-text-to-video-synthesis' },
}

type Tensors = ReadonlyMap<string, Tensor>

/** The fixture's tensors under the original names. */
export function originalTensors(): { unet: Map<string, Tensor>; vae: Map<string, Tensor>; text: Map<string, Tensor> } {
  const read = (file: string) => readSafetensors(fixture(`checkpoints/ms/${file}`))
  return {
    unet: originalUNet(read('unet/diffusion_pytorch_model.safetensors'), 2),
    vae: originalVae(read('vae/diffusion_pytorch_model.safetensors'), 4),
    text: originalText(read('text_encoder/model.safetensors'), joinRows),
  }
}

/** The fixture `ms` in the original layout. As published, its files are PyTorch's; safetensors files are faster to open again. */
export function writeOriginalFolder(folder: string, format: 'torch' | 'safetensors' = 'torch'): void {
  mkdirSync(folder, { recursive: true })
  const { unet, vae, text } = originalTensors()
  const encode = format === 'torch' ? (tensors: Tensors) => torchZip(Object.fromEntries(tensors)) : safetensorsFile
  writeFileSync(path.join(folder, UNET), encode(unet))
  writeFileSync(path.join(folder, TEXT), encode(text))
  writeFileSync(path.join(folder, VAE), format === 'torch' ? lightningFile(vae) : encode(vae))
  writeFileSync(path.join(folder, 'configuration.json'), JSON.stringify(CONFIGURATION))
  copyParts(folder, ['unet/config.json', 'vae/config.json', 'text_encoder/config.json', 'tokenizer'])
}

export function safetensorsFile(tensors: Tensors): Uint8Array {
  return Buffer.concat(encodeSafetensors(Object.fromEntries(tensors)))
}

/** Copies files or folders of the fixture `ms`. */
export function copyParts(folder: string, parts: readonly string[]): void {
  for (const part of parts) cpSync(fixture(`checkpoints/ms/${part}`), path.join(folder, part), { recursive: true })
}

/** A training checkpoint as PyTorch Lightning saves it: the autoencoder's tensors among another model's, and objects of its own. */
function lightningFile(tensors: Tensors): Uint8Array {
  const [other] = tensors.values()
  const callback = pyCall(pyGlobal('pytorch_lightning.callbacks.model_checkpoint', 'ModelCheckpoint'), [])
  return torchZip({
    epoch: 3,
    global_step: 875_000,
    'pytorch-lightning_version': '1.8.3',
    state_dict: { 'model.diffusion_model.out.2.bias': other!, 'cond_stage_model.logit_scale': other!, ...Object.fromEntries(tensors) },
    callbacks: callback,
  })
}

/** Tensors of one dtype, one below the other. */
function joinRows(parts: readonly Tensor[]): Tensor {
  const { dtype, shape } = parts[0]!
  const bytes = Buffer.concat(parts.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
  const rows = bytes.length / bytesPerElement(dtype) / elementCount(shape.slice(1))
  return tensorFromBytes(dtype, [rows, ...shape.slice(1)], bytes)
}
