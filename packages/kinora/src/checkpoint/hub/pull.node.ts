// Gets a model into the cache: finds its files, downloads those that are not there, and names them in the snapshot's folder.

import path from 'node:path'
import { ArgumentError, CheckpointError } from '../../errors.ts'
import { listing as shorten } from '../weight-files.ts'
import { type Download, downloadFiles } from './download.node.ts'
import type { PulledModel, PullOptions } from './hub.ts'
import { findLocal, type Located, locate } from './locate.node.ts'
import { writeList, writeRef } from './remembered.node.ts'
import { hubSettings } from './settings.node.ts'
import { parseModelSpec, showSpec } from './spec.ts'

const PARALLEL = 4

/**
 * The folder of a model, downloaded as far as it is not there yet. `spec` is a local path (which always wins), `owner/name` with
 * `@revision` and `/subfolder`, or a preset's name. Throws ArgumentError for a malformed spec or option, CheckpointError when the model
 * cannot be had; rejects with the signal's reason, keeping what was downloaded.
 */
export async function pullModel(spec: string, options: PullOptions = {}): Promise<PulledModel> {
  const { parallel = PARALLEL, signal } = options
  if (!(Number.isInteger(parallel) && parallel >= 1)) throw new ArgumentError(`parallel is ${parallel}; it must be 1 or more`)
  signal?.throwIfAborted()
  const local = await findLocal(spec, options)
  if (local !== undefined) return { local: true, path: local, missing: [], files: [], bytes: 0, downloaded: 0, confirmed: false }
  const settings = await hubSettings(options)
  const located = await locate(settings, parseModelSpec(spec, options), options)
  if (located.lacking.length > 0 && settings.offline) throw incomplete(located)
  const work: Download = { settings, located, parallel, onProgress: options.onProgress }
  const downloaded = located.lacking.length > 0 ? await downloadFiles(work) : 0
  await remember(located).catch(() => {})
  return { ...describe(located), downloaded }
}

/** A cache that may only be read stays as it is. */
async function remember({ cache, spec, commit, confirmed, fresh }: Located): Promise<void> {
  if (fresh) await writeList(cache, commit, fresh)
  if (confirmed) await writeRef(cache, spec.revision, commit)
}

function describe({ spec, cache, commit, choice, confirmed, problem }: Located): Omit<PulledModel, 'downloaded'> {
  return {
    local: false,
    path: path.join(cache.snapshots, commit, choice.entry),
    layout: choice.layout,
    ...(choice.variant === undefined ? {} : { variant: choice.variant }),
    missing: [...choice.missing],
    repo: spec.repo,
    revision: spec.revision,
    commit,
    files: choice.files.map((file) => file.path),
    bytes: choice.files.reduce((sum, { size }) => sum + size, 0),
    confirmed,
    ...(problem === undefined ? {} : { problem }),
  }
}

function incomplete({ spec, cache, lacking }: Located): CheckpointError {
  const names = shorten(lacking.map((file) => file.path))
  return new CheckpointError(
    `${showSpec(spec)} is not complete in ${cache.folder}, and the hub may not be asked: ${names} must be downloaded while online (without HF_HUB_OFFLINE)`,
  )
}
