// Which weight file of a component to read: plain or variant, safetensors or PyTorch's .bin, single or
// sharded, by diffusers' and transformers' file names. Works on folder listings alone; weight-entries.ts
// opens what is chosen here.

import { CheckpointError } from '../errors.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { parseWeightName, stemOf, type WeightFormat } from './weight-names.ts'

export interface WeightFile {
  readonly path: string
  /** '' for the plain file. */
  readonly variant: string
  readonly format: WeightFormat
  /** Then `path` is the index of the shards. */
  readonly sharded: boolean
}

/** A component's folder: what can be read in it, and all that lies there for messages. */
interface WeightFolder {
  readonly folder: string
  readonly stem: string
  readonly names: readonly string[]
  readonly found: readonly WeightFile[]
}

/** Lists the weight files of the component folder whose files begin with `stem`, the best of each variant first. */
export async function findWeightFiles(files: CheckpointFiles, folder: string, stem: string): Promise<WeightFolder> {
  const names = await files.list(folder)
  const found = names.flatMap((name): WeightFile[] => {
    const parsed = parseWeightName(name, stem)
    if (!parsed || parsed.part === 'shard') return [] // shards are read by their index
    const { format, variant, part } = parsed
    return [{ path: `${folder}/${name}`, variant, format, sharded: part === 'index' }]
  })
  // Of one variant, safetensors win over .bin, then a single file over an index.
  const rank = ({ format, sharded }: WeightFile) => (format === 'bin' ? 2 : 0) + Number(sharded)
  return { folder, stem, names, found: found.sort((a, b) => rank(a) - rank(b)) }
}

/**
 * The file to read. With `variant` that one, or the plain file where the component has none of it (as diffusers does);
 * without, the plain file or else the only variant there is. Throws CheckpointError listing what was looked for and what is there.
 */
export function chooseWeightFile(files: CheckpointFiles, folder: WeightFolder, variant: string | undefined): WeightFile {
  const of = (wanted: string) => folder.found.find((file) => file.variant === wanted)
  const variants = variantsOf([folder])
  const only = variant === undefined && variants.length === 1 ? variants[0] : undefined
  const chosen = (variant && of(variant)) || of('') || (only && of(only))
  if (chosen) return chosen
  const where = shownPath(files, folder.folder)
  if (variant === undefined && variants.length > 1)
    throw new CheckpointError(`${where} has the variants ${variants.join(', ')} and no plain file: choose one with the option variant`)
  const wanted = [variant, ''].flatMap((name) => (name === undefined ? [] : fileNames(folder.stem, name)))
  throw new CheckpointError(`${where} has no weights to read: looked for ${wanted.join(', ')}; ${whatIsThere(folder)}`)
}

/** Throws CheckpointError when no component at all has the variant. */
export function assertVariantExists(files: CheckpointFiles, folders: readonly WeightFolder[], variant: string): void {
  const variants = variantsOf(folders)
  if (variants.includes(variant)) return
  const plain = folders.some(({ found }) => found.some((file) => file.variant === '')) ? ['the plain files (leave variant out)'] : []
  const there = [...variants.map((name) => `variant ${name}`), ...plain].join(', ')
  const looked = folders.flatMap(({ folder, stem }) =>
    fileNames(stem, variant)
      .slice(0, 1)
      .map((name) => `${folder}/${name}`),
  )
  const hint = there === '' ? folders.map((folder) => `${folder.folder}: ${whatIsThere(folder)}`).join('; ') : `it has ${there}`
  throw new CheckpointError(`${files.root} has no variant ${variant}: looked for ${looked.join(', ')}; ${hint}`)
}

function variantsOf(folders: readonly WeightFolder[]): string[] {
  return [...new Set(folders.flatMap(({ found }) => found.map((file) => file.variant)))].filter((name) => name !== '').sort()
}

function fileNames(stem: string, variant: string): string[] {
  const part = variant === '' ? '' : `.${variant}`
  return (['safetensors', 'bin'] as const).flatMap((format) => {
    const start = stemOf(stem, format)
    return [`${start}${part}.${format}`, `${start}.${format}.index${part}.json`]
  })
}

function whatIsThere({ names, found }: WeightFolder): string {
  return `there is ${found.length > 0 ? found.map(({ path }) => path).join(', ') : listing(names)}`
}

/** File names for a message, the first dozen. */
export function listing(names: readonly string[]): string {
  if (names.length === 0) return 'nothing'
  const more = names.length > 12 ? ` and ${names.length - 12} more` : ''
  return `${names.slice(0, 12).join(', ')}${more}`
}
