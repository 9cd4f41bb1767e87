// configuration.json of the original ModelScope release: which file holds which model, and how the UNet was built.
// The tensors tell the latter too; what is stated here is held against them. Zeroscope's folders may have no such file.

import { CheckpointError } from '../errors.ts'
import type { Component } from './checkpoint.ts'
import { readJson } from './component-folder.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, isJsonObject, type JsonObject } from './json.ts'

export const CONFIGURATION = 'configuration.json'

type Names = Readonly<Record<Component, string>>

/** The components' files in the original release, and in whatever names none. */
export const ORIGINAL_NAMES: Names = {
  unet: 'text2video_pytorch_model.pth',
  text_encoder: 'open_clip_pytorch_model.bin',
  vae: 'VQGAN_autoencoder.pth',
}

/** The keys of `model_args` that name them. */
const NAME_KEYS: Names = { unet: 'ckpt_unet', text_encoder: 'ckpt_clip', vae: 'ckpt_autoencoder' }

const TASK = 'text-to-video-synthesis'

export interface ModelScopeConfiguration {
  /** Each component's file, a plain name. */
  readonly names: Names
  /** `model_cfg`, {} without one. */
  readonly model: JsonObject
}

/** Whether a folder with these files is one of the original layout. */
export function isModelScopeFolder(names: readonly string[]): boolean {
  return names.includes(CONFIGURATION) || names.includes(ORIGINAL_NAMES.unet)
}

/** Throws CheckpointError for another task's configuration and for file names that are none. */
export async function readModelScopeConfiguration(files: CheckpointFiles): Promise<ModelScopeConfiguration> {
  const json = (await files.exists(CONFIGURATION)) ? await readJson(files, CONFIGURATION) : {}
  const shown = shownPath(files, CONFIGURATION)
  if (json.task !== undefined && json.task !== TASK)
    throw new CheckpointError(`${shown} is of a model for ${excerpt(json.task)}; Kinora reads ModelScope's models for ${TASK}`)
  const model = isJsonObject(json.model) ? json.model : {}
  const args = isJsonObject(model.model_args) ? model.model_args : {}
  const nameOf = (component: Component): string => {
    const key = NAME_KEYS[component]
    const name = args[key] ?? ORIGINAL_NAMES[component]
    if (typeof name !== 'string' || !/^\w[\w.-]*$/.test(name))
      throw new CheckpointError(`${shown} has ${key} ${excerpt(name)}, which is not the name of a file beside it`)
    return name
  }
  const names = { unet: nameOf('unet'), text_encoder: nameOf('text_encoder'), vae: nameOf('vae') }
  return { names, model: isJsonObject(model.model_cfg) ? model.model_cfg : {} }
}

/** Throws CheckpointError where the stated numbers are not those of the UNet's tensors. `unet` is what was inferred from these. */
export function checkStatedUNet(files: CheckpointFiles, { model }: ModelScopeConfiguration, unet: JsonObject): void {
  const channels = unet.block_out_channels as readonly number[]
  const attends = (unet.down_block_types as readonly string[]).map((type) => type.startsWith('CrossAttn'))
  const found: JsonObject = {
    unet_in_dim: unet.in_channels,
    unet_out_dim: unet.out_channels,
    unet_dim: channels[0],
    unet_dim_mult: channels.map((count) => count / channels[0]!),
    unet_res_blocks: unet.layers_per_block,
    unet_attn_scales: attends.flatMap((attention, level) => (attention ? [1 / 2 ** level] : [])),
    unet_head_dim: unet.attention_head_dim,
    unet_context_dim: unet.cross_attention_dim,
    temporal_attention: true,
  }
  for (const [key, value] of Object.entries(found)) {
    const stated = model[key]
    // Python's True stands there as a string.
    if (stated === undefined || excerpt(stated).toLowerCase() === excerpt(value)) continue
    throw new CheckpointError(
      `${shownPath(files, CONFIGURATION)} has ${key} ${excerpt(stated)}, but the UNet's tensors are of a model with ${excerpt(value)}: ` +
        'the two files do not belong together',
    )
  }
}

/** The original code's fixed noise schedule, as the published diffusers version has it. Throws CheckpointError for another prediction. */
export function schedulerConfig(files: CheckpointFiles, { model }: ModelScopeConfiguration): JsonObject {
  const { mean_type: prediction = 'eps', num_timesteps: timesteps = 1000 } = model
  if (prediction !== 'eps')
    throw new CheckpointError(
      `${shownPath(files, CONFIGURATION)} has mean_type ${excerpt(prediction)}; Kinora knows eps: put a scheduler/scheduler_config.json ` +
        'with the prediction_type that is meant beside it',
    )
  return {
    _class_name: 'DDIMScheduler',
    num_train_timesteps: timesteps,
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    prediction_type: 'epsilon',
    clip_sample: false,
    set_alpha_to_one: false,
    steps_offset: 1,
  }
}
