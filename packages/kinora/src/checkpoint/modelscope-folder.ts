// Layout of the original ModelScope release: three weight files under the original tensor names beside a
// configuration.json. Configs follow from the tensors; a component's config.json, a scheduler/ or a tokenizer/ folder
// in diffusers' form has the last word. Zeroscope's such folders lie inside a larger one and take from it what they lack.

import { CheckpointError } from '../errors.ts'
import type { Checkpoint, Component, TokenizerFiles } from './checkpoint.ts'
import { CLIP_VOCABULARY_SIZE, clipTokenizerFiles } from './clip-vocabulary.ts'
import { hasComponentFolder, type Part, readComponentFolder, readJson, withComponentConfig } from './component-folder.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import type { JsonObject } from './json.ts'
import {
  checkStatedUNet,
  type ModelScopeConfiguration,
  ORIGINAL_NAMES,
  readModelScopeConfiguration,
  schedulerConfig,
} from './modelscope-configuration.ts'
import { readOriginalFile } from './original-files.ts'
import { readTokenizerFiles } from './tokenizer-files.ts'
import { listing } from './weight-files.ts'
import { Weights } from './weights.ts'

export interface ModelScopeOptions {
  /** A file in the folder to take the UNet from, instead of the one that configuration.json names. */
  unetFile: string | undefined
  /**
   * Opens the folder around this one; undefined where there is none. It is a checkpoint of its own: no path that this folder names
   * leads there, it is only asked for parts by their fixed names, and only when this folder lacks one.
   */
  openParent: () => Promise<CheckpointFiles | undefined>
}

/** Where parts are looked for: the folder, then perhaps the one around it; `names` are those of the original files there. */
type Places = readonly [Place, ...Place[]]
interface Place {
  readonly files: CheckpointFiles
  readonly names: ModelScopeConfiguration['names']
}

/** Reads everything but the weights' data. Throws CheckpointError for what is missing, damaged or contradicts itself. */
export async function openModelScopeFolder(files: CheckpointFiles, { unetFile, openParent }: ModelScopeOptions): Promise<Checkpoint> {
  const configuration = await readModelScopeConfiguration(files)
  const own: Place = { files, names: configuration.names }
  const unet = await readUNet(own, configuration, unetFile)
  const isComplete = (await holds(own, 'vae')) && (await holds(own, 'text_encoder'))
  const parent = isComplete ? undefined : await openParent()
  const places: Places = parent ? [own, { files: parent, names: ORIGINAL_NAMES }] : [own]
  const parts: Record<Component, Part> = {
    unet,
    vae: await readPart(places, 'vae'),
    text_encoder: await readPart(places, 'text_encoder'),
  }
  return {
    source: shownPath(files, unetFile ?? ''),
    index: {},
    configs: {
      unet: parts.unet.config,
      vae: parts.vae.config,
      text_encoder: parts.text_encoder.config,
      scheduler: await readScheduler(places, configuration),
    },
    tokenizer: await readTokenizer(places, parts.text_encoder.config),
    weights: (component) => Weights.from(parts[component].entries),
  }
}

async function readUNet(own: Place, configuration: ModelScopeConfiguration, unetFile: string | undefined): Promise<Part> {
  const { files, names } = own
  if (!(await files.exists(unetFile ?? names.unet))) throw await missing([own], 'unet')
  const part = await readOriginalFile(files, unetFile ?? names.unet, 'unet')
  if (unetFile === undefined) checkStatedUNet(files, configuration, part.config)
  return withComponentConfig(files, 'unet', part)
}

/** Whether the folder has the component, as the original file or as diffusers' folder. */
async function holds({ files, names }: Place, component: Component): Promise<boolean> {
  return (await files.exists(names[component])) || (await hasComponentFolder(files, component))
}

async function readPart(places: Places, component: 'vae' | 'text_encoder'): Promise<Part> {
  for (const { files, names } of places) {
    const name = names[component]
    if (await files.exists(name)) return withComponentConfig(files, component, await readOriginalFile(files, name, component))
    if (await hasComponentFolder(files, component)) return readComponentFolder(files, component, undefined)
  }
  throw await missing(places, component)
}

async function missing(places: Places, component: Component): Promise<CheckpointError> {
  const [{ files, names }] = places
  const there = await Promise.all(places.map(async (place) => `in ${place.files.root} there is ${listing(await place.files.list(''))}`))
  const folder = component === 'unet' ? '' : `, and so is a folder ${component}/ with config.json and weights`
  return new CheckpointError(`${shownPath(files, names[component])} is missing${folder}; ${there.join('; ')}`)
}

async function readScheduler(places: Places, configuration: ModelScopeConfiguration): Promise<JsonObject> {
  const path = 'scheduler/scheduler_config.json'
  for (const { files } of places) if (await files.exists(path)) return readJson(files, path)
  return schedulerConfig(places[0].files, configuration)
}

/** The tokenizer/ folder, or CLIP's own, which the original code brings along. */
async function readTokenizer(places: Places, textConfig: JsonObject): Promise<TokenizerFiles> {
  for (const { files } of places) if ((await files.list('tokenizer')).length > 0) return readTokenizerFiles(files, 'tokenizer')
  if (textConfig.vocab_size !== CLIP_VOCABULARY_SIZE)
    throw new CheckpointError(
      `${shownPath(places[0].files, 'tokenizer')} is missing: CLIP's vocabulary has ${CLIP_VOCABULARY_SIZE} tokens, this text encoder ` +
        `${String(textConfig.vocab_size)}, so it needs a tokenizer of its own`,
    )
  return clipTokenizerFiles()
}
