// Fine-tunes share text encoder and autoencoder with the model they come from, byte for byte. What another repository of the
// cache already has under the same sha256 is not downloaded again: the file gets a second name, or a copy.

import { constants, copyFile, link, open, rm } from 'node:fs/promises'
import { digestFile, digestOf } from './digest.node.ts'
import { blobPath, cachedRepos, fileSize } from './repo-cache.node.ts'
import type { RepoFile } from './repo-files.ts'
import type { HubSettings } from './settings.node.ts'

/** Smaller files are faster asked for than searched. */
const LEAST_BYTES = 1024 * 1024

/** Whether `blob` could be made from another repository's content; that is checked like a download. */
export async function borrowBlob(settings: HubSettings, file: RepoFile, blob: string): Promise<boolean> {
  if (file.sha256 === undefined || file.size < LEAST_BYTES) return false
  for (const other of await cachedRepos(settings.cache)) {
    const source = blobPath(other, file)
    if (source === blob || (await fileSize(source)) !== file.size || !(await isIntact(source, file, settings.signal))) continue
    const taken = await link(source, blob)
      .catch(() => copyFile(source, blob, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE))
      .then(
        () => true,
        () => rm(blob, { force: true }).then(() => false),
      )
    if (taken) return true
  }
  return false
}

async function isIntact(path: string, file: RepoFile, signal: AbortSignal | undefined): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (!handle) return false
  try {
    const digest = digestOf(file)
    await digestFile(digest, handle, file.size, signal)
    return digest.matches()
  } finally {
    await handle.close()
  }
}
