// The way into a checkpoint on this machine, whatever its layout: diffusers' folders, a repository of the Hugging Face
// cache, the original ModelScope release, or a UNet's file among a model's other parts. Reads configs, tokenizer and
// tensor headers; the weights' data stays on disk.

import { openFolder } from '#files'
import { ArgumentError, CheckpointError } from '../errors.ts'
import { cachedSnapshot, isCachedRepository } from './cached-repository.ts'
import type { Checkpoint, OpenOptions } from './checkpoint.ts'
import { readJson } from './component-folder.ts'
import { MODEL_INDEX, openDiffusersFolder } from './diffusers-folder.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt } from './json.ts'
import { CONFIGURATION, isModelScopeFolder } from './modelscope-configuration.ts'
import { openModelScopeFolder } from './modelscope-folder.ts'
import { listing } from './weight-files.ts'

const WEIGHT_FILE = /[^\\/]+\.(?:safetensors|ckpt|pth?|bin)$/i

/**
 * Opens a checkpoint folder, or one by the name of a file in it that holds the UNet to use. Throws ArgumentError for a malformed
 * variant, CheckpointError when the folder is missing, is another kind of checkpoint, or lacks or holds damaged files.
 */
export async function openCheckpoint(place: string, options: OpenOptions = {}): Promise<Checkpoint> {
  const { variant } = options
  if (variant !== undefined && !/^[\w-]+$/.test(variant))
    throw new ArgumentError(`variant must be a word of a file name such as fp16 (for model.fp16.safetensors), got '${variant}'`)
  const { files, unetFile } = await openPlace(place)
  const names = await files.list('')
  if (names.includes(MODEL_INDEX)) return openDiffusersFolder(files, { variant, unetFile })
  if (isCachedRepository(names)) return openCheckpoint(shownPath(files, await cachedSnapshot(files)), options)
  // Beside a config.json a file is one component of a diffusers checkpoint, not a UNet among the original's files.
  const isOriginal = isModelScopeFolder(names) || (unetFile !== undefined && !names.includes('config.json'))
  if (!isOriginal) throw new CheckpointError(await explainFolder(files, names))
  if (variant !== undefined)
    throw new CheckpointError(
      `${files.root} is in ModelScope's original layout, whose files have no variants: leave variant ${variant} out`,
    )
  return openModelScopeFolder(files, { unetFile, openParent: () => openParent(files) })
}

async function openPlace(place: string): Promise<{ files: CheckpointFiles; unetFile: string | undefined }> {
  const [unetFile] = WEIGHT_FILE.exec(place) ?? []
  if (unetFile !== undefined) {
    const files = await openFolder(place.slice(0, -unetFile.length) || '.')
    if (await files.exists(unetFile)) return { files, unetFile }
  }
  return { files: await openFolder(place), unetFile: undefined }
}

/** The folder around an opened one, where it really lies. */
async function openParent(files: CheckpointFiles): Promise<CheckpointFiles | undefined> {
  const [parent] = /^.*[\\/](?=[^\\/]+$)/.exec(await files.absolute('')) ?? []
  return parent === undefined ? undefined : openFolder(parent)
}

/** What a folder of no known layout probably is, and what to name instead. */
async function explainFolder(files: CheckpointFiles, names: readonly string[]): Promise<string> {
  if (names.length === 0) return `${files.root} is empty: name a folder that holds ${MODEL_INDEX}`
  if (names.includes('config.json')) {
    const { _class_name: className = 'model' } = await readJson(files, 'config.json')
    return `${files.root} is a single ${excerpt(className)}: name the folder above it, which holds ${MODEL_INDEX}`
  }
  const hint = names.some((name) => WEIGHT_FILE.test(name)) ? '; to use one of its files as the UNet, name that file' : ''
  return `${files.root} has neither ${MODEL_INDEX} (diffusers) nor ${CONFIGURATION} (ModelScope); there is ${listing(names)}${hint}`
}
