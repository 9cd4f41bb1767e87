// What takes room in a repository of the cache: its blobs, finished or not, and files that lie in a snapshot themselves where
// links are not possible. One content may have several names.

import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import path from 'node:path'
import { filesBelow, type RepoCache } from './repo-cache.node.ts'

export interface Content {
  /** Absolute. */
  file: string
  bytes: number
  /** When it was last read or written, in milliseconds since 1970. */
  used: number
  /** The same for two names of one content. */
  inode: string
  /** Names it has, in this repository and outside. */
  names: number
  /** It lies in the store that newer versions of huggingface_hub share between repositories; here is a link to it. */
  shared: boolean
}

/** Every content of a repository, by each of its names. */
export async function contentsOf(cache: RepoCache): Promise<Content[]> {
  const blobs = (await readdir(cache.blobs).catch(() => [])).map((name) => path.join(cache.blobs, name))
  const pointers = (await filesBelow(cache.snapshots)).map((name) => path.join(cache.snapshots, name))
  const own = await Promise.all(pointers.map(async (file) => ((await isLink(file)) ? undefined : file)))
  const contents = await Promise.all([...blobs, ...own.filter((file) => file !== undefined)].map(describe))
  return contents.filter((content) => content !== undefined)
}

async function describe(file: string): Promise<Content | undefined> {
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) return undefined
  const used = Math.max(info.atimeMs, info.mtimeMs)
  return { file, bytes: info.size, used, inode: `${info.dev} ${info.ino}`, names: info.nlink, shared: await isLink(file) }
}

/** Bytes of contents, each counted once. */
export function totalBytes(contents: readonly Content[]): number {
  const bytes = new Map(contents.map((content) => [content.inode, content.bytes]))
  return Array.from(bytes.values()).reduce((sum, size) => sum + size, 0)
}

/** The blobs that snapshots show; absolute. */
export async function shownBlobs(cache: RepoCache): Promise<Set<string>> {
  const pointers = (await filesBelow(cache.snapshots)).map((name) => path.join(cache.snapshots, name))
  const targets = pointers.map(async (file) => {
    const target = await readlink(file).catch(() => undefined)
    return target === undefined ? file : path.resolve(path.dirname(file), target)
  })
  return new Set(await Promise.all(targets))
}

async function isLink(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined))?.isSymbolicLink() ?? false
}
