// A checkpoint folder in memory, for tests of readers: the same promises as a folder on disk, and a count
// of what was read.

import type { CheckpointFiles } from '../../src/checkpoint/files.ts'
import { CheckpointError } from '../../src/errors.ts'

export interface MemoryFiles extends CheckpointFiles {
  /** Bytes handed out so far. */
  bytesRead(): number
}

/** Files by path; every one is called `/memory/<path>` in messages. */
export function memoryFiles(contents: Readonly<Record<string, Uint8Array>>): MemoryFiles {
  let total = 0
  const find = (path: string): Uint8Array => {
    const bytes = Object.hasOwn(contents, path) ? contents[path] : undefined
    if (!bytes) throw new CheckpointError(`/memory/${path} is missing`)
    return bytes
  }
  const read = async (path: string, offset: number, length: number) => {
    const bytes = find(path)
    if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length))
      throw new RangeError(`read of ${length} bytes at ${offset}, the file has ${bytes.length}`)
    total += length
    return bytes.slice(offset, offset + length)
  }
  return {
    root: '/memory',
    list: async (folder) =>
      Object.keys(contents)
        .filter((path) => path.startsWith(folder === '' ? '' : `${folder}/`))
        .sort(),
    exists: async (path) => Object.hasOwn(contents, path),
    size: async (path) => find(path).length,
    readText: async (path) => new TextDecoder().decode(find(path)),
    read,
    absolute: async (path) => `/memory/${path}`,
    bytesRead: () => total,
  }
}
