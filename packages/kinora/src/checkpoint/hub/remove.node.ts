// Takes a model, a revision or a part of a repository out of the cache: its snapshot's files, and the contents that no other
// snapshot shows. What another revision needs stays.

import { readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { CheckpointError } from '../../errors.ts'
import { removeOutdatedInt8 } from '../int8/kept.node.ts'
import { type Content, contentsOf, shownBlobs } from './contents.node.ts'
import type { HubOptions, RemovedModel } from './hub.ts'
import { isAnyLocked } from './lock.node.ts'
import { readRef, readRefs } from './remembered.node.ts'
import { commitsIn, filesBelow, listPath, pointerPath, type RepoCache, repoCache } from './repo-cache.node.ts'
import { cacheFolder } from './settings.node.ts'
import { type ModelSpec, parseModelSpec, type SpecOptions, showSpec } from './spec.ts'

/** Python's unfinished downloads have a name of their own each, and no lock that could be seen. */
const PYTHON_UNFINISHED = /\.[0-9a-f]{8}\.incomplete$/
const PYTHON_STALLED_MS = 60_000

/**
 * Removes `owner/name` with all its revisions, `owner/name@revision`, or only the `/subfolder` of either. Throws CheckpointError when it is
 * not in the cache or a process downloads it.
 */
export async function removeModel(spec: string, options: HubOptions & SpecOptions = {}): Promise<RemovedModel> {
  const parsed = parseModelSpec(spec, options)
  const cache = repoCache(cacheFolder(options), parsed.repo)
  const one = options.revision !== undefined || spec.includes('@')
  const commits = one ? [(await readRef(cache, parsed.revision)) ?? ''] : await commitsIn(cache)
  const before = await contentsOf(cache)
  const pointers = await pointersOf(cache, commits, parsed.subfolder)
  if (pointers.length === 0 && (one || before.length === 0)) throw notThere(cache, parsed)
  if (await isBusy(cache, before))
    throw new CheckpointError(`${parsed.repo} is being downloaded: stop that first, or wait until it is done`)
  for (const pointer of pointers) await rm(pointer, { force: true })
  const shown = await shownBlobs(cache)
  // What is unfinished belongs to no snapshot yet, so it stays until the last one goes.
  for (const { file } of before) if (!shown.has(file) && !file.endsWith('.incomplete')) await rm(file, { force: true })
  for (const commit of commits) await tidy(cache, commit)
  if ((await commitsIn(cache)).length === 0)
    for (const folder of [cache.folder, cache.locks]) await rm(folder, { recursive: true, force: true })
  const bytes = freedBytes(before, await contentsOf(cache)) + (await removeOutdatedInt8(options))
  return { repo: parsed.repo, commits, files: pointers.length, bytes }
}

async function pointersOf(cache: RepoCache, commits: readonly string[], subfolder: string): Promise<string[]> {
  const files = commits.map(async (commit) => {
    const names = commit === '' ? [] : await filesBelow(path.join(cache.snapshots, commit))
    const chosen = names.filter((name) => subfolder === '' || name === subfolder || name.startsWith(`${subfolder}/`))
    return chosen.map((name) => pointerPath(cache, commit, name))
  })
  return (await Promise.all(files)).flat()
}

async function isBusy(cache: RepoCache, contents: readonly Content[]): Promise<boolean> {
  const now = Date.now()
  const python = contents.some(({ file, used }) => PYTHON_UNFINISHED.test(file) && now - used < PYTHON_STALLED_MS)
  return python || isAnyLocked(cache.locks)
}

/** Removes a snapshot's empty folders, and all that names the snapshot once nothing is left of it. */
async function tidy(cache: RepoCache, commit: string): Promise<void> {
  const snapshot = path.join(cache.snapshots, commit)
  const left = await filesBelow(snapshot)
  if (left.length > 0) return removeEmptyFolders(snapshot)
  const refs = (await readRefs(cache)).get(commit) ?? []
  const lists = [listPath(cache, commit), path.join(cache.folder, 'trees', `${commit}.json`)]
  for (const file of [...refs.map((name) => path.join(cache.refs, name)), ...lists]) await rm(file, { force: true })
  for (const folder of [snapshot, path.join(cache.noExist, commit)]) await rm(folder, { recursive: true, force: true })
}

async function removeEmptyFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name))
  // The innermost first; rmdir leaves those that are not empty.
  for (const child of folders.sort((a, b) => b.length - a.length)) await rmdir(child).catch(() => {})
}

function freedBytes(before: readonly Content[], after: readonly Content[]): number {
  const left = new Set(after.map(({ file }) => file))
  const gone = before.filter(({ file, shared }) => !left.has(file) && !shared)
  const namesGone = Map.groupBy(gone, ({ inode }) => inode)
  return Array.from(namesGone.values()).reduce(
    (sum, names) => sum + (names.length >= (names[0]?.names ?? 0) ? (names[0]?.bytes ?? 0) : 0),
    0,
  )
}

function notThere(cache: RepoCache, spec: ModelSpec): CheckpointError {
  return new CheckpointError(`${showSpec(spec)} is not in the cache ${path.dirname(cache.folder)}, so there is nothing to remove`)
}
