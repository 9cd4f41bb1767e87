// A repository folder of the Hugging Face cache (models--OWNER--NAME): refs/ names commits, snapshots/ holds one
// folder for each. Chooses the snapshot that the folder as a whole stands for.

import { CheckpointError } from '../errors.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt } from './json.ts'
import { listing } from './weight-files.ts'

export function isCachedRepository(names: readonly string[]): boolean {
  return names.includes('snapshots') && (names.includes('refs') || names.includes('blobs'))
}

/** The snapshot that refs/main names, or the only one where there is no such ref; relative to the repository. Throws CheckpointError. */
export async function cachedSnapshot(files: CheckpointFiles): Promise<string> {
  const snapshots = await files.list('snapshots')
  const main = (await files.exists('refs/main')) ? (await files.readText('refs/main')).trim() : undefined
  const [only] = snapshots.length === 1 ? snapshots : []
  const chosen = main ?? only
  if (chosen !== undefined && snapshots.includes(chosen)) return `snapshots/${chosen}`
  const why = main === undefined ? 'without refs/main' : `whose refs/main names ${excerpt(main)}, of which there is no snapshot`
  throw new CheckpointError(
    `${files.root} is a repository in the Hugging Face cache ${why}: in ${shownPath(files, 'snapshots')} there is ${listing(snapshots)}; ` +
      'name one of these folders, or download the model again',
  )
}
