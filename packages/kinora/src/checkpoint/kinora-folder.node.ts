// Where Kinora keeps what it made of models and can make again: int8 weights, compiled models. Not the
// hub's cache of downloads, which is shared with Python's huggingface_hub (hub/settings.node.ts).

import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { HubOptions } from './hub/hub.ts'
import { expand } from './hub/settings.node.ts'

/** A folder of $KINORA_CACHE, else of the one that systems keep for caches. */
export function kinoraFolder(name: string, env: NonNullable<HubOptions['env']> = process.env): string {
  const root = env.KINORA_CACHE || path.join(env.XDG_CACHE_HOME || path.join('~', '.cache'), 'kinora')
  return path.resolve(expand(root, env), name)
}

/** What lies in Kinora's own cache. */
export interface CacheReport {
  readonly folder: string
  /** Bytes of weights in int8, and of compiled models. */
  readonly int8: number
  readonly compiled: number
}

/** Sizes of what Kinora made of models; all of it may be removed, and is made again when it is wanted. */
export async function cacheReport(env?: HubOptions['env']): Promise<CacheReport> {
  const [int8, compiled] = await Promise.all(['int8', 'compiled'].map((name) => folderBytes(kinoraFolder(name, env))))
  return { folder: kinoraFolder('.', env), int8: int8!, compiled: compiled! }
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name))
  const sizes = await Promise.all(files.map(sizeOf))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Of a file; 0 when it has gone meanwhile. */
export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
