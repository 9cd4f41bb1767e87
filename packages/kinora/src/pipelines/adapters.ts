// The adapters of a pipeline: found on this machine or at the hub, opened, and put over the checkpoint's
// weights, into which the engine merges them at load.

import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { applyLoras } from '../checkpoint/lora/apply.ts'
import type { LoraDescription } from '../checkpoint/lora/lora.ts'
import { openLora } from '../checkpoint/lora/open.ts'
import type { Preset } from '../checkpoint/presets.ts'
import { findPreset } from '../checkpoint/presets.ts'
import type { DownloadOptions } from './download.ts'
import { locateModel } from './download.ts'

/** A file, a folder or a name of the hub; `scale` multiplies what it adds (default 1). */
export type LoraSource = string | { path: string; scale?: number }

export interface LoadedLora extends LoraDescription {
  /** As it was asked for; of a local path its last part, so that no path of this machine is told. */
  name: string
  scale: number
  preset: Preset | undefined
}

/** The checkpoint with every adapter over it. Throws ArgumentError for a scale, CheckpointError for an adapter that does not fit. */
export async function addLoras(
  checkpoint: Checkpoint,
  sources: readonly LoraSource[],
  options: DownloadOptions & { variant?: string },
): Promise<{ checkpoint: Checkpoint; loras: LoadedLora[] }> {
  const { revision: _, variant: __, ...hub } = options // these are the checkpoint's
  const opened = []
  for (const source of sources) {
    const { path: wanted, scale = 1 } = typeof source === 'string' ? { path: source } : source
    const { path, local } = await locateModel(wanted, hub)
    const name = local ? wanted.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '') : wanted
    opened.push({ lora: await openLora(path), scale, name, preset: findPreset(wanted) })
  }
  return {
    checkpoint: applyLoras(checkpoint, opened),
    loras: opened.map(({ lora, name, scale, preset }) => ({ ...lora.description, name, scale, preset })),
  }
}
