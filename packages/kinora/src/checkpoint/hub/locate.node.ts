// Finds what a model's name stands for: a path on this machine, or a commit of a repository with its files, as the hub says
// or, when it is not asked or does not answer, as the cache remembers. Downloads nothing but lists.

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { CheckpointError } from '../../errors.ts'
import { listFiles, resolveCommit } from './api.node.ts'
import { type ChooseOptions, chooseFiles, type FileChoice } from './choose-files.ts'
import type { ModelOptions } from './hub.ts'
import { readList, readRef } from './remembered.node.ts'
import { fileSize, pointerPath, type RepoCache, repoCache, snapshotFiles } from './repo-cache.node.ts'
import { type FileEntry, isCommit, type RepoFile } from './repo-files.ts'
import { expand, type HubSettings } from './settings.node.ts'
import { type ModelSpec, showSpec } from './spec.ts'

export interface Located {
  spec: ModelSpec
  cache: RepoCache
  commit: string
  choice: FileChoice<FileEntry>
  /** Files of the choice that the snapshot lacks; empty when it is complete. */
  lacking: readonly RepoFile[]
  /** Whether the revision is known to be this commit: the hub said so, or it is a commit itself. */
  confirmed: boolean
  /** Why the hub did not say so when it was asked. */
  problem?: string
  /** The commit's files, when the hub was asked for them just now. */
  fresh?: readonly RepoFile[]
}

/** A commit and what it has. */
interface Listed {
  commit: string
  files: readonly RepoFile[]
  fresh: boolean
}

/** A folder or file of that name, absolute; undefined when there is none and the name may be the hub's. */
export async function findLocal(spec: string, { env = process.env, subfolder = '' }: ModelOptions): Promise<string | undefined> {
  const place = path.resolve(expand(spec, env), subfolder)
  if (spec !== '' && (await stat(place).catch(() => undefined))) return place
  if (/^(?:[./~\\]|[A-Za-z]:[\\/])/.test(spec))
    throw new CheckpointError(`${place} does not exist: name a folder that holds model_index.json, or a model of the hub as owner/name`)
  return undefined
}

/**
 * Throws CheckpointError when neither the hub nor the cache has the model. A usable copy in the cache stands in for a hub that does not
 * answer, or does not give the model any more.
 */
export async function locate(settings: HubSettings, spec: ModelSpec, options: ModelOptions): Promise<Located> {
  const cache = repoCache(settings.cache, spec.repo)
  if (settings.offline) return assertUsable(await locateInCache(cache, spec, options), spec, settings)
  const kept = isCommit(spec.revision) ? await readList(cache, spec.revision) : undefined
  if (kept) return choose(cache, spec, options, { commit: spec.revision, files: kept, fresh: false })
  const spare = await findSpare(cache, spec, options)
  let listed: Listed
  try {
    // With a usable copy at hand there is nothing to insist on.
    listed = await askHub(spare ? { ...settings, retries: 0 } : settings, cache, spec)
  } catch (error) {
    if (spare && error instanceof CheckpointError) return { ...spare, problem: error.message }
    throw error
  }
  return choose(cache, spec, options, listed)
}

/**
 * What the cache has of it: the wished files if a list of the commit was kept, and where those are not all there, or there is no list,
 * whatever makes a model. Undefined when there is nothing; throws CheckpointError when what is there makes no model.
 */
export async function locateInCache(cache: RepoCache, spec: ModelSpec, options: ModelOptions): Promise<Located | undefined> {
  const commit = await readRef(cache, spec.revision)
  if (commit === undefined) return undefined
  const list = await readList(cache, commit)
  const wished = list && (await choose(cache, spec, options, { commit, files: list, fresh: false }))
  const confirmed = isCommit(spec.revision)
  if (wished?.lacking.length === 0) return { ...wished, confirmed }
  const present = await snapshotFiles(cache, commit)
  try {
    return { spec, cache, commit, choice: chooseFiles(present, wish(spec, options)), lacking: [], confirmed }
  } catch (error) {
    if (wished) return { ...wished, confirmed }
    if (present.length === 0 && error instanceof CheckpointError) return undefined
    throw error
  }
}

/** A copy that could be used as it is. */
async function findSpare(cache: RepoCache, spec: ModelSpec, options: ModelOptions): Promise<Located | undefined> {
  try {
    const known = await locateInCache(cache, spec, options)
    return known?.lacking.length === 0 ? known : undefined
  } catch (error) {
    if (error instanceof CheckpointError) return undefined
    throw error
  }
}

async function askHub(settings: HubSettings, cache: RepoCache, spec: ModelSpec): Promise<Listed> {
  const commit = isCommit(spec.revision) ? spec.revision : await resolveCommit(settings, spec)
  const kept = await readList(cache, commit)
  return { commit, files: kept ?? (await listFiles(settings, spec, commit)), fresh: kept === undefined }
}

async function choose(cache: RepoCache, spec: ModelSpec, options: ModelOptions, { commit, files, fresh }: Listed): Promise<Located> {
  const choice = chooseFiles(files, wish(spec, options))
  const sizes = await Promise.all(choice.files.map((file) => fileSize(pointerPath(cache, commit, file.path))))
  const lacking = choice.files.filter((file, i) => sizes[i] !== file.size)
  return { spec, cache, commit, choice, lacking, confirmed: true, ...(fresh ? { fresh: files } : {}) }
}

function wish(spec: ModelSpec, { variant, preferHalf }: ModelOptions): ChooseOptions {
  return {
    subfolder: spec.subfolder,
    source: showSpec({ ...spec, subfolder: '' }),
    ...(variant === undefined ? {} : { variant }),
    ...(preferHalf === undefined ? {} : { preferHalf }),
  }
}

function assertUsable(known: Located | undefined, spec: ModelSpec, { cache }: HubSettings): Located {
  if (known) return known
  throw new CheckpointError(
    `${showSpec(spec)} is not in the cache ${cache}, and the hub may not be asked: pull it once while online (without HF_HUB_OFFLINE)`,
  )
}
