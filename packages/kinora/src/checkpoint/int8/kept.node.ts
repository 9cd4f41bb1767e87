// The files of int8 weights in Kinora's cache folder: which there are, of what they were made, and removing
// those that nobody can use any more. open-int8.node.ts makes them.

import { readdir, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { openFolder } from '../files.node.ts'
import type { HubOptions, Int8Copy } from '../hub/hub.ts'
import { LOCK_EXTENSION } from '../hub/lock.node.ts'
import { isJsonObject, parseJsonObject } from '../json.ts'
import { kinoraFolder, sizeOf } from '../kinora-folder.node.ts'
import { readTensorFile, type TensorFile } from '../tensor-file.ts'
import { isUnchanged, type SourceFile } from './origin.node.ts'

export const EXTENSION = '.safetensors'
/** The key of the metadata under which a file says what it was made of, as JSON. */
export const ABOUT = 'kinora_int8'

/** What a file says of itself. */
export interface Int8About extends Pick<Int8Copy, 'model' | 'adapters'> {
  readonly sources: readonly SourceFile[]
}

interface Kept {
  readonly copy: Int8Copy
  readonly sources: readonly SourceFile[]
}

export function int8Folder(env?: HubOptions['env']): string {
  return kinoraFolder('int8', env)
}

/** Undefined when there is none that can be read; a damaged one counts as none. */
export async function readInt8(file: string): Promise<TensorFile | undefined> {
  const folder = await openFolder(path.dirname(file)).catch(() => undefined)
  return folder && (await readTensorFile(folder, path.basename(file)).catch(() => undefined))
}

/** The files in the cache that were made of the model in this folder. */
export async function int8CopiesOf(model: string, { env }: Pick<HubOptions, 'env'> = {}): Promise<Int8Copy[]> {
  const folder = int8Folder(env)
  const real = await realpath(model).catch(() => model)
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(EXTENSION))
  const kept = await Promise.all(names.map((name) => describe(path.join(folder, name))))
  return kept.flatMap((each) => (each?.copy.model === real ? [each.copy] : []))
}

/** Removes files whose weights are gone or changed, damaged ones, and what a killed process left. Returns the bytes that are free now. */
export async function removeOutdatedInt8({ env, lockedKey }: Pick<HubOptions, 'env'> & { lockedKey?: string } = {}): Promise<number> {
  const folder = int8Folder(env)
  const names = await readdir(folder).catch(() => [])
  let freed = 0
  for (const name of names.filter((each) => each.endsWith(EXTENSION) || each.endsWith('.tmp'))) {
    const file = path.join(folder, name)
    const size = await sizeOf(file)
    const isNeeded = name.endsWith('.tmp') ? isBeingMade(name, names, lockedKey) : await isCurrent(file)
    if (isNeeded) continue
    await rm(file, { force: true }).catch(() => {}) // where systems keep a file that is in use, it goes the next time
    freed += size
  }
  return freed
}

/** A file under way is its key, a random word and `.tmp`; its lock stands beside it, and `lockedKey` is this process's. */
function isBeingMade(name: string, names: readonly string[], lockedKey: string | undefined): boolean {
  const key = name.slice(0, name.indexOf('.'))
  return key !== lockedKey && names.includes(`${key}${LOCK_EXTENSION}`)
}

async function isCurrent(file: string): Promise<boolean> {
  const kept = await describe(file)
  return kept !== undefined && (await Promise.all(kept.sources.map(isUnchanged))).every(Boolean)
}

/** Undefined for a file that this module did not write, or that is damaged. */
async function describe(file: string): Promise<Kept | undefined> {
  const [found, info] = await Promise.all([readInt8(file), stat(file).catch(() => undefined)])
  const about = parseAbout(found?.metadata.get(ABOUT))
  if (!about || !info) return undefined
  const { sources, ...rest } = about
  return { copy: { path: file, bytes: info.size, made: info.mtime, ...rest }, sources }
}

function parseAbout(text = ''): Int8About | undefined {
  try {
    const { model, adapters, sources } = parseJsonObject(text, ABOUT)
    if (typeof model !== 'string' || !Array.isArray(adapters) || !Array.isArray(sources)) return undefined
    return { model, adapters: adapters.filter(isAdapter), sources: sources.filter(isSource) }
  } catch {
    return undefined
  }
}

function isAdapter(value: unknown): value is Int8Copy['adapters'][number] {
  return isJsonObject(value) && typeof value.name === 'string' && typeof value.scale === 'number'
}

function isSource(value: unknown): value is SourceFile {
  return isJsonObject(value) && typeof value.path === 'string' && typeof value.size === 'number' && typeof value.changed === 'number'
}
