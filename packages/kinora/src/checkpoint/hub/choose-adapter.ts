// The files of an adapter (LoRA): a PEFT folder, diffusers' pytorch_lora_weights, or the one weight file there is.

import { CheckpointError } from '../../errors.ts'
import { listing as shorten } from '../weight-files.ts'
import type { FileChoice } from './choose-files.ts'
import { filesIn, find, folderOf, nameOf, type Place, required } from './place.ts'
import type { FileEntry } from './repo-files.ts'

/** The first that is there is the adapter, in this order. */
const KNOWN_NAMES = ['adapter_model.safetensors', 'adapter_model.bin', 'pytorch_lora_weights.safetensors', 'pytorch_lora_weights.bin']
/** Beside them a weight file is a model's. */
const MODEL_FILES = ['config.json', 'configuration.json', 'text2video_pytorch_model.pth']
const EXTENSION = /\.(?:safetensors|pt|pth|ckpt|bin)$/

/** The adapter in a folder; undefined when there is none. Throws CheckpointError when there are several. */
export function chooseAdapter<F extends FileEntry>(place: Place<F>): FileChoice<F> | undefined {
  const known = KNOWN_NAMES.map((name) => find(place, name)).find((file) => file !== undefined)
  if (known) return chooseAdapterFile(place, known)
  if (MODEL_FILES.some((name) => find(place, name))) return undefined
  const files = filesIn(place).filter(({ path }) => EXTENSION.test(path))
  const safe = files.filter(({ path }) => path.endsWith('.safetensors'))
  const chosen = safe.length > 0 ? safe : files
  const [only, another] = chosen
  if (only === undefined) return undefined
  if (another === undefined) return chooseAdapterFile(place, only)
  // One for the UNet and one for the text encoder.
  const texts = chosen.filter(({ path }) => nameOf(path).includes('text_encoder'))
  if (chosen.length === 2 && texts.length === 1) return { layout: 'lora', entry: place.folder, files: chosen, missing: [] }
  throw new CheckpointError(
    `${place.shown} has several adapters: name one of ${shorten(files.map(({ path }) => path))} behind the repository, as in owner/name/FILE`,
  )
}

/** That file as an adapter, with its config where PEFT needs one; then the folder is what is opened. */
export function chooseAdapterFile<F extends FileEntry>(place: Place<F>, file: F): FileChoice<F> {
  if (!EXTENSION.test(file.path))
    throw new CheckpointError(`${file.path} of ${place.shown} is no adapter: name a folder, or a .safetensors, .pt or .bin file`)
  if (!nameOf(file.path).startsWith('adapter_model.')) return { layout: 'lora', entry: file.path, files: [file], missing: [] }
  const folder = folderOf(file.path)
  const config = required({ ...place, folder }, 'adapter_config.json')
  return { layout: 'lora', entry: folder, files: [config, file], missing: [] }
}
