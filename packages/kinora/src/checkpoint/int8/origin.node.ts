// What int8 weights were made from: an identity of every byte that went into them, without reading the bytes.
// A file is known by its place, size and time of change; one that the hub's cache names by its content, by
// that name alone, so that a cache may be moved.

import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { WeightEntry } from '../weights.ts'
import type { Int8Tensor } from './int8-file.ts'

/** Other numbers, other meaning of the stored integers. */
const FORMAT = 1

/** A file that weights came from. */
export interface SourceFile {
  readonly path: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly changed: number
}

export interface Origin {
  /** 32 hexadecimal digits, other ones when any input is another. */
  readonly key: string
  readonly sources: readonly SourceFile[]
}

/** The origin of these weights of a component. Rejects when a file is gone. */
export async function originOf(entries: ReadonlyMap<string, WeightEntry>, tensors: readonly Int8Tensor[]): Promise<Origin> {
  const used = tensors.map(({ of }) => entries.get(of)!)
  const paths = [...new Set(used.flatMap((entry) => tensorsOf(entry).map((each) => each.path)))].sort()
  const sources = await Promise.all(paths.map(describe))
  const identities = new Map(sources.map((source) => [source.path, identity(source)]))
  const place = (entry: WeightEntry) => [entry.dtype, entry.shape, identities.get(entry.path), entry.byteOffset, entry.byteLength]
  const parts = tensors.map((tensor, i) => {
    const { deltas = [] } = used[i]!
    const changes = deltas.map((delta) =>
      'dense' in delta
        ? [delta.scale, delta.whole ?? false, place(delta.dense)]
        : [delta.scale, delta.transposed ?? false, place(delta.up), place(delta.down)],
    )
    return [tensor, place(used[i]!), used[i]!.nameInFile ?? '', changes]
  })
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, parts]))
    .digest('hex')
    .slice(0, 32)
  return { key, sources }
}

/** Whether a file is still what it was. */
export async function isUnchanged({ path: file, size, changed }: SourceFile): Promise<boolean> {
  const now = await describe(file).catch(() => undefined)
  return now?.size === size && (isNamedByContent(file) || now.changed === changed)
}

/** The tensor and what adapters add to it. */
function tensorsOf(entry: WeightEntry): WeightEntry[] {
  return [entry, ...(entry.deltas ?? []).flatMap((delta) => ('dense' in delta ? [delta.dense] : [delta.up, delta.down]))]
}

async function describe(file: string): Promise<SourceFile> {
  const { size, mtimeMs } = await stat(file)
  return { path: file, size, changed: mtimeMs }
}

function identity({ path: file, size, changed }: SourceFile): unknown[] {
  return isNamedByContent(file) ? [path.basename(file), size] : [file, size, changed]
}

/** The hub's cache calls a large file by its SHA-256. */
function isNamedByContent(file: string): boolean {
  return /^[0-9a-f]{64}$/.test(path.basename(file))
}
