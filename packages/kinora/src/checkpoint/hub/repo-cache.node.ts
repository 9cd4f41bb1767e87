// One repository in the cache that Python's huggingface_hub also uses, in the layout that it documents: contents in blobs/ by
// their ETag, snapshots/<commit>/ of links to them, refs/ from names to commits. What this library adds lies in kinora/.

import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LOCK_EXTENSION } from './lock.node.ts'
import { etagOf, type FileEntry, isCommit, type RepoFile } from './repo-files.ts'

export interface RepoCache {
  /** `owner/name`. */
  readonly repo: string
  readonly folder: string
  readonly blobs: string
  readonly snapshots: string
  readonly refs: string
  /** Files that were asked for and that a commit does not have. */
  readonly noExist: string
  /** Beside all repositories, so that locks outlive a removed one. */
  readonly locks: string
}

/** First line of CACHEDIR.TAG, by which backup programs know a cache (bford.info/cachedir). */
const CACHE_TAG = 'Signature: 8a477f597d28d172789f06886806bc55\n# Models of the Hugging Face hub; they can be downloaded again.\n'

export function repoCache(cache: string, repo: string): RepoCache {
  const name = `models--${repo.replaceAll('/', '--')}`
  const folder = path.join(cache, name)
  return {
    repo,
    folder,
    blobs: path.join(folder, 'blobs'),
    snapshots: path.join(folder, 'snapshots'),
    refs: path.join(folder, 'refs'),
    noExist: path.join(folder, '.no_exist'),
    locks: path.join(cache, '.locks', name),
  }
}

/** The repositories in a cache. */
export async function cachedRepos(cache: string): Promise<RepoCache[]> {
  const names: string[] = await readdir(cache).catch(() => [])
  return names.sort().flatMap((name) => {
    const repo = /^models--(.+)$/.exec(name)?.[1]?.replace('--', '/')
    return repo === undefined ? [] : [repoCache(cache, repo)]
  })
}

/** Makes the folders, and marks the whole as a cache. */
export async function createRepoCache(cache: RepoCache): Promise<void> {
  for (const folder of [cache.blobs, cache.snapshots, cache.refs, cache.locks]) await mkdir(folder, { recursive: true })
  await writeFile(path.join(path.dirname(cache.folder), 'CACHEDIR.TAG'), CACHE_TAG, { flag: 'wx' }).catch(() => {})
}

export function blobPath(cache: RepoCache, file: RepoFile): string {
  return path.join(cache.blobs, etagOf(file))
}

export function pointerPath(cache: RepoCache, commit: string, file: string): string {
  return path.join(cache.snapshots, commit, ...file.split('/'))
}

/** Held while a content is downloaded. */
export function lockPath(cache: RepoCache, file: RepoFile): string {
  return path.join(cache.locks, `${etagOf(file)}${LOCK_EXTENSION}`)
}

export function listPath(cache: RepoCache, commit: string): string {
  return path.join(listFolder(cache), `${commit}.json`)
}

/** There as soon as this library asked for a repository. */
export function listFolder(cache: RepoCache): string {
  return path.join(cache.folder, 'kinora')
}

/** Commits with a snapshot. */
export async function commitsIn(cache: RepoCache): Promise<string[]> {
  const names: string[] = await readdir(cache.snapshots).catch(() => [])
  return names.filter(isCommit).sort()
}

/** The files of a snapshot that can be read; links to nothing are left out. */
export async function snapshotFiles(cache: RepoCache, commit: string): Promise<FileEntry[]> {
  const folder = path.join(cache.snapshots, commit)
  const sizes = (await filesBelow(folder)).map(async (file) => ({ path: file, size: await fileSize(path.join(folder, file)) }))
  return (await Promise.all(sizes)).flatMap(({ path: file, size }) => (size === undefined ? [] : [{ path: file, size }]))
}

/** Bytes of a file, links followed; undefined when there is none. */
export async function fileSize(file: string): Promise<number | undefined> {
  const info = await stat(file).catch(() => undefined)
  return info?.isFile() ? info.size : undefined
}

/** Paths of files and links below a folder, with `/`, sorted; [] when there is no folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.endsWith('.tmp'))
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort()
}
