// Layout of a diffusers checkpoint: a folder with model_index.json and one folder per component. Only class
// names count; fine-tunes put all kinds of things into the library column. Unknown keys are kept, not judged.

import { CheckpointError } from '../errors.ts'
import type { Checkpoint, Component } from './checkpoint.ts'
import { type Part, readComponentFolder, readJson, withComponentConfig, wrongClass } from './component-folder.ts'
import { COMPONENT_NAMES, COMPONENTS, PIPELINE_CLASSES, TOKENIZER_CLASSES } from './components.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, type JsonObject } from './json.ts'
import { readOriginalFile } from './original-files.ts'
import { readTokenizerFiles } from './tokenizer-files.ts'
import { assertVariantExists, findWeightFiles } from './weight-files.ts'
import { Weights } from './weights.ts'

export const MODEL_INDEX = 'model_index.json'

export interface DiffusersOptions {
  /** `fp16` for `*.fp16.safetensors`. */
  variant: string | undefined
  /** A file in the folder to take the UNet from, instead of the unet/ folder. */
  unetFile: string | undefined
}

/** Reads everything but the weights' data. Throws CheckpointError for another kind of checkpoint and for what is missing or damaged. */
export async function openDiffusersFolder(files: CheckpointFiles, { variant, unetFile }: DiffusersOptions): Promise<Checkpoint> {
  const index = await readJson(files, MODEL_INDEX)
  checkClasses(files, index)
  const folders = COMPONENT_NAMES.filter((name) => name !== 'unet' || unetFile === undefined)
  if (variant !== undefined) {
    const weightFolders = await Promise.all(folders.map((name) => findWeightFiles(files, name, COMPONENTS[name].stem)))
    assertVariantExists(files, weightFolders, variant)
  }
  const named = unetFile === undefined ? [] : [['unet', await readNamedUNet(files, unetFile)] as const]
  const read = folders.map(async (name) => [name, await readComponentFolder(files, name, variant)] as const)
  const parts = Object.fromEntries([...named, ...(await Promise.all(read))]) as Record<Component, Part>
  return {
    source: shownPath(files, unetFile ?? ''),
    index,
    configs: {
      unet: parts.unet.config,
      vae: parts.vae.config,
      text_encoder: parts.text_encoder.config,
      scheduler: await readJson(files, 'scheduler/scheduler_config.json'),
    },
    tokenizer: await readTokenizerFiles(files, 'tokenizer'),
    weights: (component) => Weights.from(parts[component].entries),
  }
}

async function readNamedUNet(files: CheckpointFiles, path: string): Promise<Part> {
  return withComponentConfig(files, 'unet', await readOriginalFile(files, path, 'unet'))
}

function checkClasses(files: CheckpointFiles, index: JsonObject): void {
  const pipeline = index._class_name
  if (typeof pipeline !== 'string' || !PIPELINE_CLASSES.includes(pipeline))
    throw new CheckpointError(
      `${files.root} is a ${excerpt(pipeline)} checkpoint; Kinora reads text-to-video checkpoints of ${PIPELINE_CLASSES.join(', ')}`,
    )
  for (const name of COMPONENT_NAMES) checkComponent(files, index, name, [COMPONENTS[name].className])
  checkComponent(files, index, 'tokenizer', TOKENIZER_CLASSES)
}

function checkComponent(files: CheckpointFiles, index: JsonObject, name: string, accepted: readonly string[]): void {
  const entry = index[name]
  const className: unknown = Array.isArray(entry) ? entry[1] : undefined
  if (typeof className !== 'string')
    throw new CheckpointError(`${shownPath(files, MODEL_INDEX)} names no ${name} (${accepted.join(' or ')})`)
  if (!accepted.includes(className)) throw wrongClass(files, name, className, accepted.join(' or '))
}
