// Adapters without names: cloneofsimo's bare list [up0, down0, up1, down1, ...] and its safetensors form with
// `unet:0:up`. Reads the pairs; fit-list.ts finds the layers they belong to.
// github.com/cloneofsimo/lora, lora_diffusion/lora.py.

import { CheckpointError } from '../../errors.ts'
import { excerpt } from '../json.ts'
import { type AdapterFile, weightEntry } from './adapter-file.ts'
import type { ListedChanges, LoraComponent, LoraPair } from './lora.ts'
import { TARGET_PATHS } from './registration-order.ts'

/** The pairs of a bare list, whose tensors are named 0, 1, 2, ... */
export function readList(file: AdapterFile): ListedChanges[] {
  const count = file.tensors.size
  const entries = Array.from({ length: count }, (_, i) => {
    if (!file.tensors.has(String(i))) throw new CheckpointError(`${file.file} is a list of ${count} tensors without number ${i}`)
    return weightEntry(file, String(i))
  })
  if (count % 2 !== 0) throw new CheckpointError(`${file.file} is a list of ${count} tensors; an adapter's list has pairs, up then down`)
  const pairs = Array.from({ length: count / 2 }, (_, i) => ({ up: entries[2 * i]!, down: entries[2 * i + 1]! }))
  return [{ component: undefined, targets: undefined, pairs }]
}

/** The lists of a safeloras file, one for each model that it is for; metadata holds its target classes as JSON. */
export function readSafeloras(file: AdapterFile): ListedChanges[] {
  const lists = new Map<string, number>()
  for (const name of file.tensors.keys()) {
    const [, model, index] = /^(\w+):(\d+):(?:up|down)$/.exec(name) ?? []
    if (model === undefined || (model !== 'unet' && model !== 'text_encoder'))
      throw new CheckpointError(`${file.file} holds ${excerpt(name)}, which is for neither unet nor text_encoder and is not read`)
    lists.set(model, Math.max(lists.get(model) ?? 0, Number(index) + 1))
  }
  return [...lists].map(([model, length]) => {
    const pairs: LoraPair[] = []
    for (let i = 0; i < length; i++) {
      const absent = [`${model}:${i}:up`, `${model}:${i}:down`].find((name) => !file.tensors.has(name))
      if (absent !== undefined) throw new CheckpointError(`${file.file} has no ${absent}; download the file again`)
      pairs.push({ up: weightEntry(file, `${model}:${i}:up`), down: weightEntry(file, `${model}:${i}:down`) })
    }
    return { component: model as LoraComponent, targets: classNames(file, model), pairs }
  })
}

function classNames({ file, metadata }: AdapterFile, model: string): string[] | undefined {
  const text = metadata.get(model)
  if (text === undefined) return undefined
  let names: unknown
  try {
    names = JSON.parse(text)
  } catch (cause) {
    throw new CheckpointError(`${file} has metadata for ${model} that is not JSON: ${excerpt(text)}`, { cause })
  }
  if (!Array.isArray(names)) throw new CheckpointError(`${file} has metadata for ${model} that is no list of classes: ${excerpt(text)}`)
  const unknown = names.find((name) => typeof name !== 'string' || !Object.hasOwn(TARGET_PATHS, name))
  if (unknown !== undefined)
    throw new CheckpointError(
      `${file} was made for modules of class ${excerpt(unknown)}; known are ${Object.keys(TARGET_PATHS).join(', ')}`,
    )
  return names as string[]
}
