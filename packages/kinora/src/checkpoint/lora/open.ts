// The way into an adapter: finds its files, tells the format by what is in them, and reads everything but
// the matrices. It says nothing about a model yet; apply.ts brings the two together.

import { CheckpointError } from '../../errors.ts'
import type { AdapterFile } from './adapter-file.ts'
import { recogniseFormat } from './format.ts'
import { readList, readSafeloras } from './listed.ts'
import { type LocatedLora, locateLora } from './locate.ts'
import type { ListedChanges, Lora, LoraDescription, LoraFormat, NamedChange } from './lora.ts'
import { readNamedChanges } from './named.ts'
import { parseDiffusersMetadata, parsePeftConfig, type ScaleRule } from './peft-config.ts'

/** Where diffusers keeps PEFT's configs in its single file. */
const DIFFUSERS_METADATA = 'lora_adapter_metadata'

/**
 * Opens an adapter (LoRA): a folder saved by PEFT or diffusers, or one file. Reads headers and scalars, not the matrices. Throws
 * CheckpointError for what is missing, damaged, empty, or another kind of adapter.
 */
export async function openLora(path: string): Promise<Lora> {
  const located = await locateLora(path)
  const named: NamedChange[] = []
  const listed: ListedChanges[] = []
  const alphas: number[] = []
  const formats = new Set<LoraFormat>()
  for (const file of located.files) {
    const format = recogniseFormat(file)
    formats.add(format)
    if (format === 'cloneofsimo') listed.push(...readList(file))
    else if (format === 'safeloras') listed.push(...readSafeloras(file))
    else {
      const read = await readNamedChanges(file, format, scaleRule(file, format, located))
      named.push(...read.changes)
      alphas.push(...read.alphas)
    }
  }
  const [format, other] = formats
  if (!format || other) throw new CheckpointError(`${path} holds files of different formats (${[...formats].join(', ')}): name one of them`)
  return { source: path, format, named, listed, description: describe(path, format, named, listed, alphas) }
}

/** Where the scale comes from when the file has no alpha of its own: PEFT always has a config beside its file, diffusers sometimes in it. */
function scaleRule(file: AdapterFile, format: LoraFormat, { config }: LocatedLora): ScaleRule | undefined {
  if (format === 'peft') {
    if (!config) throw new CheckpointError(`${file.file} has no adapter_config.json beside it, which holds its scale; download that too`)
    return parsePeftConfig(config.json, config.file)
  }
  const metadata = format === 'diffusers' ? file.metadata.get(DIFFUSERS_METADATA) : undefined
  return metadata === undefined ? undefined : parseDiffusersMetadata(metadata, `the metadata of ${file.file}`)
}

function describe(
  source: string,
  format: LoraFormat,
  named: readonly NamedChange[],
  listed: readonly ListedChanges[],
  alphas: readonly number[],
): LoraDescription {
  const pairs = [...named.flatMap(({ change }) => ('up' in change ? [change] : [])), ...listed.flatMap((list) => list.pairs)]
  const modules = new Set(named.map(({ component, module }) => `${component ?? ''} ${module}`)).size
  return {
    source,
    format,
    modules: modules + listed.reduce((count, list) => count + list.pairs.length, 0),
    ranks: ascending(pairs.map(({ down }) => down.shape[0] ?? 0)),
    alphas: ascending(alphas),
  }
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}
