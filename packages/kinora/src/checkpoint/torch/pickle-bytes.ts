// A cursor over the bytes of a pickle: the argument kinds of its opcodes, each bounded by what is left.
// Lengths are checked before anything is taken, so a lie about a length costs nothing.

import { CheckpointError } from '../../errors.ts'

/** The bytes end inside the pickle. A reader that holds only the start of a file reads more and tries again. */
export class CutShort extends CheckpointError {}

export class PickleBytes {
  /** As messages show it. */
  readonly file: string
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** Position of the next byte. */
  at: number

  constructor(bytes: Uint8Array, at: number, file: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.file = file
  }

  /** An error about the pickle itself. */
  damaged(reason: string): CheckpointError {
    return new CheckpointError(`${this.file}: its pickle ${reason}: the file is damaged or hostile; download it again from its source`)
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.#skip(length)
    return this.#bytes.subarray(start, this.at)
  }

  uint8(): number {
    return this.#view.getUint8(this.#skip(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true)
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true)
  }

  /** A length of 8 bytes; beyond 2^53 no file is long enough anyway. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true))
  }

  /** Floats alone are big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false)
  }

  /** Checks that `length` bytes follow, without taking them. */
  expect(length: number): void {
    if (length > this.#bytes.length - this.at) throw this.#cutShort()
  }

  /** The bytes up to a line feed, which is skipped. */
  line(): Uint8Array {
    const end = this.#bytes.indexOf(0x0a, this.at)
    if (end < 0) throw this.#cutShort()
    const line = this.#bytes.subarray(this.at, end)
    this.at = end + 1
    return line
  }

  #skip(length: number): number {
    const start = this.at
    this.expect(length)
    this.at = start + length
    return start
  }

  #cutShort(): CutShort {
    return new CutShort(`${this.file}: its pickle ends in the middle: the file is cut short or damaged; download it again`)
  }
}
