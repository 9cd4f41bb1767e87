// A folder inside a listing, and looking for files in it.

import { CheckpointError } from '../../errors.ts'
import { listing as shorten } from '../weight-files.ts'
import type { FileEntry } from './repo-files.ts'

export interface Place<F extends FileEntry> {
  readonly listing: readonly F[]
  /** Relative to the repository; '' is its root. */
  readonly folder: string
  /** For messages. */
  readonly shown: string
}

export function find<F extends FileEntry>(place: Place<F>, name: string): F | undefined {
  const wanted = inside(place, name)
  return place.listing.find(({ path }) => path === wanted)
}

export function required<F extends FileEntry>(place: Place<F>, name: string): F {
  const file = find(place, name)
  if (!file) throw new CheckpointError(`${place.shown} has no ${name}, so it is no complete model`)
  return file
}

/** The path of a name in the place. */
export function inside<F extends FileEntry>({ folder }: Place<F>, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** Files that lie directly in the folder. */
export function filesIn<F extends FileEntry>({ listing, folder }: Place<F>): F[] {
  return listing.filter(({ path }) => folderOf(path) === folder)
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** What lies at the top of a repository, for messages. */
export function topNames(listing: readonly FileEntry[]): string {
  return shorten([...new Set(listing.map(({ path }) => path.split('/', 1)[0] ?? path))])
}
