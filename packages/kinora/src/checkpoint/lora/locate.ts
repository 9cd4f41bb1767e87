// The files of an adapter: a folder as PEFT or diffusers save it, a folder with one tensor file (or one for
// the UNet and one for the text encoder), or a file of its own. Finds and opens; does not judge contents.

import { openFolder } from '#files'
import { CheckpointError } from '../../errors.ts'
import { type CheckpointFiles, shownPath } from '../files.ts'
import { type JsonObject, parseJsonObject, standardJson } from '../json.ts'
import { splitPath } from '../split-path.ts'
import { listing } from '../weight-files.ts'
import { type AdapterFile, openAdapterFile } from './adapter-file.ts'

const PEFT_CONFIG = 'adapter_config.json'
/** File names that PEFT and diffusers give, the safer format first. */
const KNOWN_NAMES = ['adapter_model.safetensors', 'adapter_model.bin', 'pytorch_lora_weights.safetensors', 'pytorch_lora_weights.bin']
const TENSOR_FILE = /\.(?:safetensors|bin|pt|pth|ckpt)$/

export interface LocatedLora {
  readonly files: readonly AdapterFile[]
  /** PEFT's config beside the file, and its name for messages. */
  readonly config: { readonly json: JsonObject; readonly file: string } | undefined
}

/** Throws CheckpointError when nothing is there, or when a folder leaves open which file is meant. */
export async function locateLora(path: string): Promise<LocatedLora> {
  const { folder, name } = splitPath(path)
  const beside = await open(folder, path)
  if (await beside.exists(name)) return openLocated(beside, [name])
  const inside = await open(path, path)
  return openLocated(inside, chooseFiles(await inside.list(''), path))
}

async function open(folder: string, path: string): Promise<CheckpointFiles> {
  return openFolder(folder).catch((cause: unknown) => {
    throw new CheckpointError(`${path} is not there, or may not be read: name an adapter's file or folder`, { cause })
  })
}

async function openLocated(files: CheckpointFiles, names: readonly string[]): Promise<LocatedLora> {
  const shown = shownPath(files, PEFT_CONFIG)
  const config = (await files.exists(PEFT_CONFIG))
    ? { json: parseJsonObject(standardJson(await files.readText(PEFT_CONFIG)), shown), file: shown }
    : undefined
  return { files: await Promise.all(names.map((name) => openAdapterFile(files, name))), config }
}

function chooseFiles(names: readonly string[], path: string): string[] {
  const known = KNOWN_NAMES.find((name) => names.includes(name))
  if (known !== undefined) return [known]
  const tensorFiles = names.filter((name) => TENSOR_FILE.test(name))
  const texts = tensorFiles.filter((name) => name.includes('text_encoder'))
  if (tensorFiles.length === 1 || (tensorFiles.length === 2 && texts.length === 1)) return tensorFiles
  if (tensorFiles.length === 0) throw new CheckpointError(`${path} holds no adapter: there is ${listing(names)}`)
  throw new CheckpointError(`${path} holds ${tensorFiles.length} tensor files, name one of them: ${listing(tensorFiles)}`)
}
