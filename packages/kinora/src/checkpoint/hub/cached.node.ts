// What lies in the cache: each repository with its revisions and sizes. The cache is shared with every other program that uses
// the hub, so only repositories that look like text-to-video models or adapters for them are told of, unless all are asked for.

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { PIPELINE_CLASSES } from '../components.ts'
import { isJsonObject } from '../json.ts'
import { presetsOfRepo } from '../presets.ts'
import { contentsOf, totalBytes } from './contents.node.ts'
import type { CachedModel, CachedOptions, CachedRevision } from './hub.ts'
import { readRefs } from './remembered.node.ts'
import { cachedRepos, commitsIn, fileSize, listFolder, pointerPath, type RepoCache, snapshotFiles } from './repo-cache.node.ts'
import { cacheFolder } from './settings.node.ts'

/** The models in the cache, by name. */
export async function cachedModels(options: CachedOptions = {}): Promise<CachedModel[]> {
  const repos = await cachedRepos(cacheFolder(options))
  const models = await Promise.all(repos.map((cache) => describe(cache, options.all ?? false)))
  return models.filter((model) => model !== undefined)
}

async function describe(cache: RepoCache, all: boolean): Promise<CachedModel | undefined> {
  const presets = presetsOfRepo(cache.repo)
  const commits = await commitsIn(cache)
  if (!all && presets.length === 0 && !(await isOurs(cache, commits))) return undefined
  const refs = await readRefs(cache)
  const contents = await contentsOf(cache)
  if (contents.length === 0) return undefined
  return {
    repo: cache.repo,
    folder: cache.folder,
    revisions: await Promise.all(commits.map((commit) => describeRevision(cache, commit, refs.get(commit) ?? []))),
    bytes: totalBytes(contents),
    unfinished: totalBytes(contents.filter(({ file }) => file.endsWith('.incomplete'))),
    lastUsed: new Date(contents.reduce((latest, { used }) => Math.max(latest, used), 0)),
    presets: presets.map(({ name }) => name),
  }
}

async function describeRevision(cache: RepoCache, commit: string, refs: string[]): Promise<CachedRevision> {
  const files = await snapshotFiles(cache, commit)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return { commit, refs, folder: path.join(cache.snapshots, commit), files: files.length, bytes }
}

/** Pulled by this library, or by another and with a pipeline that it reads. */
async function isOurs(cache: RepoCache, commits: readonly string[]): Promise<boolean> {
  if ((await readdir(listFolder(cache)).catch(() => [])).length > 0) return true
  const classes = await Promise.all(commits.map((commit) => pipelineClass(pointerPath(cache, commit, 'model_index.json'))))
  return classes.some((name) => PIPELINE_CLASSES.includes(name))
}

async function pipelineClass(file: string): Promise<string> {
  if (((await fileSize(file)) ?? 0) > 64 * 1024) return ''
  try {
    const index: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isJsonObject(index) && typeof index._class_name === 'string' ? index._class_name : ''
  } catch {
    return ''
  }
}
