// The checksum by which the hub names a file's content: sha256 of what lies in large file storage, else git's object id, which
// is sha1 over a header with the size and the content.

import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { RepoFile } from './repo-files.ts'

const BLOCK_BYTES = 4 * 1024 * 1024

export interface Digest {
  update(bytes: Uint8Array): void
  /** Whether all bytes so far are the file. Ends the digest. */
  matches(): boolean
}

export function digestOf({ size, oid, sha256 }: RepoFile): Digest {
  const hash = createHash(sha256 === undefined ? 'sha1' : 'sha256')
  if (sha256 === undefined) hash.update(`blob ${size}\0`)
  return {
    update: (bytes) => void hash.update(bytes),
    matches: () => hash.digest('hex') === (sha256 ?? oid),
  }
}

/** Feeds the first `length` bytes of an open file. */
export async function digestFile(digest: Digest, handle: FileHandle, length: number, signal?: AbortSignal): Promise<void> {
  const block = new Uint8Array(Math.min(length, BLOCK_BYTES))
  for (let offset = 0; offset < length; ) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(block, 0, Math.min(block.length, length - offset), offset)
    if (bytesRead === 0) return
    digest.update(block.subarray(0, bytesRead))
    offset += bytesRead
  }
}
