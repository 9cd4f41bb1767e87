// Which weight files of one folder to take when it holds several encodings: plain or variant, safetensors or PyTorch's pickles,
// one file or shards. By diffusers' and transformers' file names alone, so that a listing is enough.

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

type Encoding = 'safetensors' | 'bin'

interface Found<F extends FileEntry> {
  encoding: Encoding
  variant: string
  part: 'whole' | 'index' | 'shard'
  /** Of a shard's set. */
  shards: number
  file: F
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
  for (const [encoding, variant] of preferences(found, wish)) {
    const set = completeSet(found.filter((one) => one.encoding === encoding && one.variant === variant))
    if (set) return { variant, files: set }
  }
  return undefined
}

/** Every variant among the weights of a folder, complete or not. */
export function variantsIn(files: readonly FileEntry[], folder: string, stem: string): string[] {
  return [...new Set(files.flatMap((file) => parseName(file, folder, stem)?.variant ?? []))].filter((variant) => variant !== '').sort()
}

function preferences<F extends FileEntry>(found: readonly Found<F>[], { variant, preferHalf = false }: WeightWish): [Encoding, string][] {
  const both = (name: string): [Encoding, string][] => [
    ['safetensors', name],
    ['bin', name],
  ]
  if (variant !== undefined) return [...both(variant), ...both('')]
  const others = [...new Set(found.map((one) => one.variant))].filter((name) => name !== '').sort()
  const half: [Encoding, string][] = preferHalf ? [['safetensors', 'fp16']] : []
  const halfPickle: [Encoding, string][] = preferHalf ? [['bin', 'fp16']] : []
  return [...half, ['safetensors', ''], ...halfPickle, ['bin', ''], ...others.flatMap(both)]
}

function parseName<F extends FileEntry>(file: F, folder: string, stem: string): Found<F> | undefined {
  const prefix = folder === '' ? '' : `${folder}/`
  if (!file.path.startsWith(prefix)) return undefined
  const name = file.path.slice(prefix.length)
  return parseEncoding(file, name, stem, 'safetensors') ?? parseEncoding(file, name, stem === 'model' ? 'pytorch_model' : stem, 'bin')
}

function parseEncoding<F extends FileEntry>(file: F, name: string, stem: string, encoding: Encoding): Found<F> | undefined {
  if (!name.startsWith(stem)) return undefined
  const rest = name.slice(stem.length)
  // model.fp16-00001-of-00002.safetensors, or model-00001-of-00002.fp16.safetensors as transformers once wrote.
  const shard = /^(?:\.(\w+))?-\d{5}-of-(\d{5})(?:\.(\w+))?\.(safetensors|bin)$/.exec(rest)
  if (shard?.[4] === encoding) return { encoding, variant: shard[1] ?? shard[3] ?? '', part: 'shard', shards: Number(shard[2]), file }
  const index = /^(?:\.(\w+))?\.(safetensors|bin)\.index(?:\.(\w+))?\.json$/.exec(rest)
  if (index?.[2] === encoding) return { encoding, variant: index[1] ?? index[3] ?? '', part: 'index', shards: 0, file }
  const whole = /^(?:\.([\w-]+))?\.(safetensors|bin)$/.exec(rest)
  return whole?.[2] === encoding ? { encoding, variant: whole[1] ?? '', part: 'whole', shards: 0, file } : undefined
}

function completeSet<F extends FileEntry>(found: readonly Found<F>[]): F[] | undefined {
  const whole = found.find(({ part }) => part === 'whole')
  if (whole) return [whole.file]
  const index = found.find(({ part }) => part === 'index')
  const shards = found.filter(({ part }) => part === 'shard')
  const complete = index !== undefined && shards.length > 0 && shards.every(({ shards: total }) => total === shards.length)
  return complete ? [index.file, ...shards.map(({ file }) => file)] : undefined
}
