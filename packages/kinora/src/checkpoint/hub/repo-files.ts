// The list of files in a repository at one commit, as the hub's tree endpoint tells it and as caches keep it. The hub is
// not trusted: paths that could leave a folder, or that a system takes for a device, never enter a list.

import { CheckpointError } from '../../errors.ts'
import { excerpt, isJsonObject, type JsonObject } from '../json.ts'

export interface FileEntry {
  /** Relative to the repository, with `/`. */
  readonly path: string
  readonly size: number
}

export interface RepoFile extends FileEntry {
  /** Git object id; of the pointer when the content lies in large file storage. */
  readonly oid: string
  /** Of the content, when it lies in large file storage. */
  readonly sha256?: string
}

const GIT_OID = /^[0-9a-f]{40}$/
const SHA256 = /^[0-9a-f]{64}$/
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3])(?:\.|$)/i
const MAX_SEGMENT_BYTES = 255
const MAX_PATH_BYTES = 1024
/** Of the JSON that kept lists have; other versions are not read. */
const LIST_VERSION = 1

/** The hub's ETag of a file, by which caches name its content. */
export function etagOf(file: RepoFile): string {
  return file.sha256 ?? file.oid
}

export function isCommit(revision: string): boolean {
  return GIT_OID.test(revision)
}

/** Whether a path stays inside its folder on every system. */
export function isSafePath(path: string): boolean {
  return new TextEncoder().encode(path).length <= MAX_PATH_BYTES && path.split('/').every(isSafeSegment)
}

function isSafeSegment(name: string): boolean {
  // Windows drops dots and spaces at the end, and reads `a:b` as a drive or a hidden stream of a.
  if (name === '' || /[. ]$/.test(name) || DEVICE.test(name)) return false
  return !/[\\:*?"<>|]/.test(name) && !hasControl(name) && new TextEncoder().encode(name).length <= MAX_SEGMENT_BYTES
}

function hasControl(name: string): boolean {
  return Array.from(name).some((character) => character < ' ' || character === '\u007f')
}

/** The files of one page of `/api/models/{repo}/tree/{revision}`. Folders and unsafe paths are left out. `source` is for messages. */
export function parseTreePage(page: unknown, source: string): RepoFile[] {
  if (!Array.isArray(page)) throw new CheckpointError(`${source} did not answer with a list of files`)
  return page.flatMap((entry: unknown) => {
    if (!isJsonObject(entry) || entry.type !== 'file' || typeof entry.path !== 'string' || !isSafePath(entry.path)) return []
    const lfs = isJsonObject(entry.lfs) ? entry.lfs : undefined
    return [checkedFile(entry.path, entry.oid, lfs?.size ?? entry.size, lfs?.oid, source)]
  })
}

/** A list as caches keep it, in the JSON that huggingface_hub writes under `trees/`; undefined when it is damaged or of another version. */
export function parseKeptList(json: JsonObject, source: string): RepoFile[] | undefined {
  if (json.format_version !== LIST_VERSION || !isJsonObject(json.files)) return undefined
  try {
    return Object.entries(json.files).flatMap(([path, info]) => {
      if (!isJsonObject(info) || !isSafePath(path)) return []
      return [checkedFile(path, info.blob_id, info.lfs_size ?? info.size, info.lfs_sha256, source)]
    })
  } catch {
    return undefined
  }
}

export function keptList(files: readonly RepoFile[]): JsonObject {
  const entry = ({ size, oid, sha256 }: RepoFile) => ({
    size,
    blob_id: oid,
    ...(sha256 === undefined ? {} : { lfs_sha256: sha256, lfs_size: size }),
  })
  return { format_version: LIST_VERSION, files: Object.fromEntries(files.map((file) => [file.path, entry(file)])) }
}

function checkedFile(path: string, oid: unknown, size: unknown, sha256: unknown, source: string): RepoFile {
  if (typeof oid !== 'string' || !GIT_OID.test(oid)) throw new CheckpointError(`${source} gives ${path} the object id ${excerpt(oid)}`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new CheckpointError(`${source} gives ${path} the size ${excerpt(size)}`)
  if (sha256 === undefined) return { path, size, oid }
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) throw new CheckpointError(`${source} gives ${path} the sha256 ${excerpt(sha256)}`)
  return { path, size, oid, sha256 }
}
