// File names of weights, as diffusers and transformers give them: `model.fp16.safetensors`,
// `pytorch_model.bin`, shards and their index. Names alone; which of several files to take is decided by
// weight-files.ts in a folder and by hub/choose-weights.ts in a listing.

export type WeightFormat = 'safetensors' | 'bin'

export interface WeightName {
  readonly format: WeightFormat
  /** '' for the plain file. */
  readonly variant: string
  readonly part: 'whole' | 'index' | 'shard'
  /** Of a shard's set; 0 for other parts. */
  readonly shards: number
}

/** How names of this format begin: transformers calls pickles `pytorch_model.bin` where safetensors are `model.safetensors`. */
export function stemOf(stem: string, format: WeightFormat): string {
  return format === 'bin' && stem === 'model' ? 'pytorch_model' : stem
}

/** What a file's name says of it, for a component whose safetensors begin with `stem`; undefined for any other file. */
export function parseWeightName(name: string, stem: string): WeightName | undefined {
  return parseFormat(name, stem, 'safetensors') ?? parseFormat(name, stem, 'bin')
}

function parseFormat(name: string, stem: string, format: WeightFormat): WeightName | undefined {
  const start = stemOf(stem, format)
  if (!name.startsWith(start)) return undefined
  const rest = name.slice(start.length)
  // model.fp16-00001-of-00002.safetensors, or model-00001-of-00002.fp16.safetensors as transformers once wrote.
  const shard = /^(?:\.(\w+))?-\d+-of-(\d+)(?:\.(\w+))?\.(safetensors|bin)$/.exec(rest)
  if (shard?.[4] === format) return { format, variant: shard[1] ?? shard[3] ?? '', part: 'shard', shards: Number(shard[2]) }
  const [, before, kind, index, after] = /^(?:\.([\w-]+))?\.(safetensors|bin)(\.index(?:\.([\w-]+))?\.json)?$/.exec(rest) ?? []
  if (kind !== format) return undefined
  return { format, variant: before ?? after ?? '', part: index === undefined ? 'whole' : 'index', shards: 0 }
}
