// Layout of a diffusers checkpoint: a folder with model_index.json and one folder per component. Only class
// names count; fine-tunes put all kinds of things into the library column. Unknown keys are kept, not judged.

import { CheckpointError } from '../errors.ts'
import type { Checkpoint, Component } from './checkpoint.ts'
import { COMPONENT_NAMES, COMPONENTS, PIPELINE_CLASSES, TOKENIZER_CLASSES } from './components.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, type JsonObject, parseJsonObject, standardJson } from './json.ts'
import { readTokenizerFiles } from './tokenizer-files.ts'
import { readWeightEntries } from './weight-entries.ts'
import { assertVariantExists, chooseWeightFile, findWeightFiles, listing } from './weight-files.ts'
import { type WeightEntry, Weights } from './weights.ts'

const INDEX = 'model_index.json'

/** Reads everything but the weights' data. Throws CheckpointError for another kind of checkpoint and for what is missing or damaged. */
export async function openDiffusersFolder(files: CheckpointFiles, variant?: string): Promise<Checkpoint> {
  if (!(await files.exists(INDEX))) throw new CheckpointError(await explainFolder(files))
  const index = await readJson(files, INDEX)
  checkClasses(files, index)
  const configs = {
    text_encoder: await readConfig(files, 'text_encoder'),
    unet: await readConfig(files, 'unet'),
    vae: await readConfig(files, 'vae'),
    scheduler: await readJson(files, 'scheduler/scheduler_config.json'),
  }
  const tokenizer = await readTokenizerFiles(files, 'tokenizer')
  const entries = await readAllWeights(files, variant)
  return { source: files.root, index, configs, tokenizer, weights: (component) => Weights.from(entries[component]) }
}

async function readAllWeights(files: CheckpointFiles, variant?: string): Promise<Record<Component, Map<string, WeightEntry>>> {
  const folders = await Promise.all(COMPONENT_NAMES.map((name) => findWeightFiles(files, name, COMPONENTS[name].stem)))
  if (variant !== undefined) assertVariantExists(files, folders, variant)
  const chosen = folders.map((folder) => chooseWeightFile(files, folder, variant))
  const pairs = COMPONENT_NAMES.map(async (name, i) => [name, await readWeightEntries(files, chosen[i]!, COMPONENTS[name])] as const)
  return Object.fromEntries(await Promise.all(pairs)) as Record<Component, Map<string, WeightEntry>>
}

async function readJson(files: CheckpointFiles, path: string): Promise<JsonObject> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  if (!(await files.exists(path)))
    throw new CheckpointError(
      `${shownPath(files, path)} is missing; in ${shownPath(files, folder)} there is ${listing(await files.list(folder))}`,
    )
  return parseJsonObject(standardJson(await files.readText(path)), shownPath(files, path))
}

async function readConfig(files: CheckpointFiles, component: Component): Promise<JsonObject> {
  const config = await readJson(files, `${component}/config.json`)
  const { className } = COMPONENTS[component]
  const given = config._class_name
  if (given !== undefined && given !== className) throw wrongClass(files, component, given, className)
  return config
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
  if (typeof className !== 'string') throw new CheckpointError(`${shownPath(files, INDEX)} names no ${name} (${accepted.join(' or ')})`)
  if (!accepted.includes(className)) throw wrongClass(files, name, className, accepted.join(' or '))
}

function wrongClass(files: CheckpointFiles, name: string, className: unknown, accepted: string): CheckpointError {
  return new CheckpointError(`the ${name} of ${files.root} is a ${excerpt(className)}; Kinora reads ${accepted}`)
}

/** What a folder without model_index.json probably is, and what to name instead. */
async function explainFolder(files: CheckpointFiles): Promise<string> {
  const names = await files.list('')
  if (names.length === 0) return `${files.root} is empty: name a folder that holds ${INDEX}`
  if (names.includes('snapshots')) {
    const [snapshot = 'REVISION'] = await files.list('snapshots')
    return `${files.root} is a repository in the Hugging Face cache: name its folder ${shownPath(files, `snapshots/${snapshot}`)}`
  }
  if (names.includes('configuration.json'))
    return `${files.root} is in ModelScope's original layout, which is not read yet: use the model's diffusers version, with ${INDEX}`
  if (names.includes('config.json')) {
    const { _class_name: className = 'model' } = await readJson(files, 'config.json')
    return `${files.root} is a single ${excerpt(className)}: name the folder above it, which holds ${INDEX}`
  }
  return `${files.root} has no ${INDEX}, so it is no diffusers checkpoint; there is ${listing(names)}`
}
