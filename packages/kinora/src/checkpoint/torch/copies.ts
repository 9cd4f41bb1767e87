// How much of a file may be copied into memory when it is opened: tensors that are no plain range of it
// (strided, compressed). Everything else stays on disk, so a file that needs more is odd or hostile.

import { CheckpointError } from '../../errors.ts'

/** The graph that takes these bytes along is limited to 2 GiB. */
const MAX_BYTES = 2 ** 30
/** Small files may hold a few expanded views; deflated weights shrink by less than this. */
const ALLOWANCE = 32 * 2 ** 20
const MAX_RATIO = 8

export class Copies {
  readonly #file: string
  readonly #limit: number
  #used = 0

  constructor(file: string, fileSize: number) {
    this.#file = file
    this.#limit = Math.min(MAX_BYTES, ALLOWANCE + MAX_RATIO * fileSize)
  }

  /** Counts `bytes` that stay. Throws CheckpointError when they are too many; `what` names them. */
  take(bytes: number, what: string): void {
    this.check(bytes, what)
    this.#used += bytes
  }

  /** The same for bytes that are let go at once. */
  check(bytes: number, what: string): void {
    if (this.#used + bytes > this.#limit)
      throw new CheckpointError(
        `${this.#file}: ${what} would take ${bytes} bytes of memory, with all others more than ${this.#limit}: save it again with contiguous tensors and without compression`,
      )
  }
}
