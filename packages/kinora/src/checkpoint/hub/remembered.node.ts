// What a repository's cache remembers of the hub: which commit a name stands for, and which files a commit has. Files are
// written whole, so that another process sees the old one or the new one and nothing between.

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseJsonObject } from '../json.ts'
import { filesBelow, listPath, type RepoCache } from './repo-cache.node.ts'
import { isCommit, keptList, parseKeptList, type RepoFile } from './repo-files.ts'

/** The commit that a revision was when it was last asked for; a commit stands for itself. */
export async function readRef(cache: RepoCache, revision: string): Promise<string | undefined> {
  if (isCommit(revision)) return revision
  const commit = (await readFile(path.join(cache.refs, revision), 'utf8').catch(() => '')).trim()
  return isCommit(commit) ? commit : undefined
}

export async function writeRef(cache: RepoCache, revision: string, commit: string): Promise<void> {
  if (isCommit(revision) || (await readRef(cache, revision)) === commit) return
  await writeWhole(path.join(cache.refs, revision), commit)
}

/** Names that stand for each commit: branches, tags, pull requests. */
export async function readRefs(cache: RepoCache): Promise<Map<string, string[]>> {
  const refs = new Map<string, string[]>()
  for (const name of await filesBelow(cache.refs)) {
    const commit = await readRef(cache, name)
    if (commit !== undefined) refs.set(commit, [...(refs.get(commit) ?? []), name])
  }
  return refs
}

/** The list of a commit's files, if this library or huggingface_hub kept it: a commit's list never changes. */
export async function readList(cache: RepoCache, commit: string): Promise<RepoFile[] | undefined> {
  for (const file of [listPath(cache, commit), path.join(cache.folder, 'trees', `${commit}.json`)]) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    const files = text === undefined ? undefined : parseList(text, file)
    if (files) return files
  }
  return undefined
}

/**
 * huggingface_hub keeps such lists in trees/, and takes a snapshot for broken that lacks a file of its list. A snapshot of ours has the
 * needed files only, so its list is kept apart.
 */
export async function writeList(cache: RepoCache, commit: string, files: readonly RepoFile[]): Promise<void> {
  await writeWhole(listPath(cache, commit), JSON.stringify(keptList(files)))
}

function parseList(text: string, file: string): RepoFile[] | undefined {
  try {
    return parseKeptList(parseJsonObject(text, file), file)
  } catch {
    return undefined
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(temporary, text)
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
}
