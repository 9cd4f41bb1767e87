// What a model is and how much of it is on this machine, without downloading more than lists.

import path from 'node:path'
import { int8CopiesOf } from '../int8/kept.node.ts'
import { findPreset } from '../presets.ts'
import { bytesHere } from './download.node.ts'
import type { FileStatus, ModelOptions, ModelStatus } from './hub.ts'
import { findLocal, type Located, locate, locateInCache } from './locate.node.ts'
import { blobPath, repoCache } from './repo-cache.node.ts'
import { hubSettings } from './settings.node.ts'
import { parseModelSpec } from './spec.ts'

/**
 * The files that a pull with the same options would leave, and what is there of each. Offline it tells what the cache knows. Throws like
 * pullModel, but for a model that is merely not there.
 */
export async function modelStatus(spec: string, options: ModelOptions = {}): Promise<ModelStatus> {
  const preset = findPreset(spec)?.name
  const named = preset === undefined ? {} : { preset }
  const local = await findLocal(spec, options)
  if (local !== undefined)
    return {
      state: 'local',
      path: local,
      files: [],
      bytes: 0,
      here: 0,
      confirmed: false,
      int8: await int8CopiesOf(local, options),
      ...named,
    }
  const settings = await hubSettings(options)
  const parsed = parseModelSpec(spec, options)
  const cache = repoCache(settings.cache, parsed.repo)
  const located = settings.offline ? await locateInCache(cache, parsed, options) : await locate(settings, parsed, options)
  const known = { repo: parsed.repo, revision: parsed.revision, ...named }
  if (!located) return { state: 'absent', files: [], bytes: 0, here: 0, confirmed: false, int8: [], ...known }
  return { ...(await weigh(located, options)), ...known }
}

async function weigh({ cache, commit, choice, lacking, confirmed, problem }: Located, options: ModelOptions): Promise<ModelStatus> {
  const unfinished = new Map(lacking.map((file) => [file.path, file]))
  const files = await Promise.all(
    choice.files.map(async ({ path: file, size }): Promise<FileStatus> => {
      const missing = unfinished.get(file)
      return { path: file, size, here: missing ? await bytesHere(blobPath(cache, missing), size) : size }
    }),
  )
  const here = files.reduce((sum, file) => sum + file.here, 0)
  const folder = path.join(cache.snapshots, commit, choice.entry)
  const state = lacking.length === 0 ? 'complete' : here === 0 ? 'absent' : 'partial'
  return {
    state,
    commit,
    path: folder,
    ...(choice.variant === undefined ? {} : { variant: choice.variant }),
    files,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    here,
    confirmed,
    int8: await int8CopiesOf(folder, options),
    ...(problem === undefined ? {} : { problem }),
  }
}
