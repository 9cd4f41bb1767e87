// Downloads the files that a snapshot lacks, several at a time; each under a lock, so that of several processes one
// downloads a file and the others wait for it.

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { downloadBlob, incompletePath } from './blob.node.ts'
import { borrowBlob } from './borrow.node.ts'
import { assertRoom, explainDiskError, placeBlob } from './disk.node.ts'
import type { PullOptions } from './hub.ts'
import type { Located } from './locate.node.ts'
import { withLock } from './lock.node.ts'
import { type Progress, trackProgress } from './progress.ts'
import { MissingFileError } from './refusal.ts'
import { readRef, writeList, writeRef } from './remembered.node.ts'
import { blobPath, createRepoCache, fileSize, lockPath, pointerPath, type RepoCache } from './repo-cache.node.ts'
import type { RepoFile } from './repo-files.ts'
import type { HubSettings } from './settings.node.ts'

export interface Download {
  settings: HubSettings
  located: Located
  parallel: number
  onProgress: PullOptions['onProgress'] | undefined
}

/** Returns the bytes received. The first failure stops the other files, which keep what they have. */
export async function downloadFiles({ settings, located, parallel, onProgress }: Download): Promise<number> {
  const { cache, choice, lacking } = located
  await prepare(located).catch((error: unknown) => {
    throw explainDiskError(error, cache.folder)
  })
  const here = new Map<string, number>(choice.files.map(({ path: file, size }) => [file, size]))
  for (const file of lacking) here.set(file.path, await bytesHere(blobPath(cache, file), file.size))
  await assertRoom(
    cache.folder,
    lacking.reduce((sum, file) => sum + file.size - (here.get(file.path) ?? 0), 0),
  )
  const progress = trackProgress(choice.files, here, onProgress)
  const failed = new AbortController()
  const signal = AbortSignal.any(settings.signal ? [failed.signal, settings.signal] : [failed.signal])
  // The largest first: a long one that starts last would run alone at the end.
  const queue = [...lacking].sort((a, b) => b.size - a.size)
  let received = 0
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const blob = blobPath(cache, file)
      const bytes = await obtain({ ...settings, signal }, located, file, progress).catch((error: unknown) => {
        throw explainDiskError(error, blob)
      })
      received += bytes
    }
  }
  const workers = Array.from({ length: Math.min(parallel, queue.length) }, () =>
    worker().catch((error: unknown) => {
      failed.abort(error)
      throw error
    }),
  )
  // All have stopped and closed their files before anyone hears of it.
  await Promise.allSettled(workers)
  settings.signal?.throwIfAborted()
  failed.signal.throwIfAborted()
  return received
}

/** A name that leads nowhere yet may lead to a snapshot under way; one that leads to an older snapshot waits for the whole of this. */
async function prepare({ spec, cache, commit, fresh }: Located): Promise<void> {
  await createRepoCache(cache)
  if (fresh) await writeList(cache, commit, fresh)
  await mkdir(path.join(cache.snapshots, commit), { recursive: true })
  if ((await readRef(cache, spec.revision)) === undefined) await writeRef(cache, spec.revision, commit)
}

/** Bytes of a content that are on disk, finished or not. */
export async function bytesHere(blob: string, size: number): Promise<number> {
  if ((await fileSize(blob)) === size) return size
  const unfinished = (await fileSize(incompletePath(blob))) ?? 0
  return unfinished <= size ? unfinished : 0
}

async function obtain(settings: HubSettings, { spec, cache, commit }: Located, file: RepoFile, progress: Progress): Promise<number> {
  const blob = blobPath(cache, file)
  const pointer = pointerPath(cache, commit, file.path)
  const wait = async () => progress.report(file.path, await bytesHere(blob, file.size), 'waiting')
  const received = await withLock(lockPath(cache, file), { signal: settings.signal, onWait: wait }, async () => {
    if ((await fileSize(pointer)) === file.size) return 0
    const present = (await fileSize(blob)) === file.size || (await borrowBlob(settings, file, blob))
    const onBytes = (bytes: number) => progress.report(file.path, bytes, 'downloading')
    const bytes = present ? 0 : await downloadBlob(settings, { spec, commit, file, blob, onBytes }).catch(markMissing(cache, commit, file))
    await placeBlob(blob, pointer, { symlinks: settings.symlinks, mayMove: !present })
    return bytes
  })
  progress.report(file.path, file.size, 'done')
  return received
}

/** huggingface_hub leaves an empty file for what a commit does not have, and so asks for it only once. */
function markMissing(cache: RepoCache, commit: string, file: RepoFile): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof MissingFileError) {
      const mark = path.join(cache.noExist, commit, ...file.path.split('/'))
      await mkdir(path.dirname(mark), { recursive: true })
      await writeFile(mark, '')
    }
    throw error
  }
}
