// Small pieces of a file, read in order: pieces near each other come with one call. A checkpoint has
// thousands of headers between its tensors, many of them a few kilobytes apart.

import type { CheckpointFiles } from '../files.ts'

const BLOCK_BYTES = 64 * 1024

export class ReadAhead {
  readonly #files: CheckpointFiles
  readonly #path: string
  readonly #fileSize: number
  #start = 0
  #block: Uint8Array = new Uint8Array(0)

  constructor(files: CheckpointFiles, path: string, fileSize: number) {
    this.#files = files
    this.#path = path
    this.#fileSize = fileSize
  }

  /** `length` bytes from `offset`, a view of a block that is kept until the next is read. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < this.#start || offset + length > this.#start + this.#block.length) {
      this.#block = await this.#files.read(this.#path, offset, Math.max(length, Math.min(BLOCK_BYTES, this.#fileSize - offset)))
      this.#start = offset
    }
    return this.#block.subarray(offset - this.#start, offset - this.#start + length)
  }
}
