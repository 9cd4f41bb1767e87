// Which weight files of one folder to take when it holds several encodings: plain or variant, safetensors or PyTorch's pickles,
// one file or shards. By diffusers' and transformers' file names alone, so that a listing is enough.

import { parseWeightName, type WeightFormat, type WeightName } from '../weight-names.ts'
import type { FileEntry } from './repo-files.ts'

export interface WeightWish {
  /** Files of this variant, or plain ones in a folder that has none of it. */
  variant?: string
  /** Half precision where there is a choice. */
  preferHalf?: boolean
}

export interface WeightChoice<F extends FileEntry> {
  /** '' for plain files. */
  readonly variant: string
  readonly files: readonly F[]
}

interface Found<F extends FileEntry> extends WeightName {
  readonly file: F
}

/**
 * The weight files of a folder, whose names begin with `stem` (in pickles of transformers with `pytorch_model`); undefined when no
 * complete set is there. Safetensors win over pickles of the same variant, one file over shards.
 */
export function chooseWeights<F extends FileEntry>(
  files: readonly F[],
  folder: string,
  stem: string,
  wish: WeightWish,
): WeightChoice<F> | undefined {
  const found = files.flatMap((file) => parseName(file, folder, stem) ?? [])
  for (const [format, variant] of preferences(found, wish)) {
    const set = completeSet(found.filter((one) => one.format === format && one.variant === variant))
    if (set) return { variant, files: set }
  }
  return undefined
}

/** Every variant among the weights of a folder, complete or not. */
export function variantsIn(files: readonly FileEntry[], folder: string, stem: string): string[] {
  return [...new Set(files.flatMap((file) => parseName(file, folder, stem)?.variant ?? []))].filter((variant) => variant !== '').sort()
}

function preferences<F extends FileEntry>(
  found: readonly Found<F>[],
  { variant, preferHalf = false }: WeightWish,
): [WeightFormat, string][] {
  const both = (name: string): [WeightFormat, string][] => [
    ['safetensors', name],
    ['bin', name],
  ]
  if (variant !== undefined) return [...both(variant), ...both('')]
  const others = [...new Set(found.map((one) => one.variant))].filter((name) => name !== '').sort()
  const half: [WeightFormat, string][] = preferHalf ? [['safetensors', 'fp16']] : []
  const halfPickle: [WeightFormat, string][] = preferHalf ? [['bin', 'fp16']] : []
  return [...half, ['safetensors', ''], ...halfPickle, ['bin', ''], ...others.flatMap(both)]
}

function parseName<F extends FileEntry>(file: F, folder: string, stem: string): Found<F> | undefined {
  const prefix = folder === '' ? '' : `${folder}/`
  const parsed = file.path.startsWith(prefix) ? parseWeightName(file.path.slice(prefix.length), stem) : undefined
  return parsed && { ...parsed, file }
}

function completeSet<F extends FileEntry>(found: readonly Found<F>[]): F[] | undefined {
  const whole = found.find(({ part }) => part === 'whole')
  if (whole) return [whole.file]
  const index = found.find(({ part }) => part === 'index')
  const shards = found.filter(({ part }) => part === 'shard')
  const complete = index !== undefined && shards.length > 0 && shards.every(({ shards: total }) => total === shards.length)
  return complete ? [index.file, ...shards.map(({ file }) => file)] : undefined
}
