// The single files of the original ModelScope release and of tools that follow it: one component's tensors under
// the original names, perhaps below a prefix and among those of other models. Names and shapes tell everything.

import { CheckpointError } from '../errors.ts'
import type { Component } from './checkpoint.ts'
import type { Part } from './component-folder.ts'
import { COMPONENTS } from './components.ts'
import type { CheckpointFiles } from './files.ts'
import { inferConfig } from './inferred-configs.ts'
import { unetKeys } from './keys/diffusers-unet.ts'
import { below, type KeyMap, prefixOf } from './keys/key-map.ts'
import { ldmVaeKeys } from './keys/ldm-vae.ts'
import { modelScopeUNetKeys } from './keys/modelscope-unet.ts'
import { openClipKeys } from './keys/open-clip.ts'
import { readTensorFile } from './tensor-file.ts'
import { weightEntries } from './weight-entries.ts'
import { listing } from './weight-files.ts'

interface Form {
  /** A tensor that this model has and its relatives lack; what stands before its name stands before all of its names. */
  readonly landmark: string
  readonly keys: (has: (name: string) => boolean) => KeyMap
}

const FORMS: Readonly<Record<Component, readonly Form[]>> = {
  unet: [
    {
      landmark: 'input_blocks.0.1.proj_in.weight',
      // Block 0 is conv_in; the first level ends where a downsampler or nothing follows.
      keys: (has) => modelScopeUNetKeys(countFrom(1, (i) => has(`input_blocks.${i}.0.in_layers.0.weight`))),
    },
    { landmark: 'transformer_in.proj_in.weight', keys: () => unetKeys },
  ],
  vae: [
    {
      landmark: 'decoder.up.0.block.0.conv1.weight',
      keys: (has) => ldmVaeKeys(countFrom(0, (i) => has(`decoder.up.${i}.block.0.conv1.weight`))),
    },
  ],
  text_encoder: [
    { landmark: 'ln_final.weight', keys: (has) => openClipKeys(countFrom(0, (i) => has(`transformer.resblocks.${i}.ln_1.weight`))) },
  ],
}

/** One component out of the file at `path`. Throws CheckpointError for a file that is missing, damaged or holds no such model. */
export async function readOriginalFile(files: CheckpointFiles, path: string, component: Component): Promise<Part> {
  const file = await readTensorFile(files, path)
  for (const { landmark, keys } of FORMS[component]) {
    const prefix = prefixOf(file.tensors.keys(), landmark)
    if (prefix === undefined) continue
    const table = keys((name) => file.tensors.has(prefix + name))
    const entries = weightEntries([file], below(prefix, table))
    return { entries, config: inferConfig(component, entries, file.file) }
  }
  const landmarks = FORMS[component].map(({ landmark }) => landmark).join(' or ')
  throw new CheckpointError(
    `${file.file} holds no ${COMPONENTS[component].className} of the ModelScope text-to-video family: none of its tensors is ${landmarks}; ` +
      `it has ${listing([...file.tensors.keys()])}`,
  )
}

/** How many numbers in a row, from `start` on, `has` holds for. */
function countFrom(start: number, has: (i: number) => boolean): number {
  let i = start
  while (has(i)) i++
  return i - start
}
