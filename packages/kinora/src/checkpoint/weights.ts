// A cursor into a checkpoint's tensors whose paths are the module tree: `weights.at('down_blocks.0')
// .get('conv.weight', [..])`. It knows where each tensor lies in its file and never reads the data;
// it remembers what was taken, so that a leftover tensor is an error too. Idea: candle's VarBuilder.

import { CheckpointError } from '../errors.ts'
import type { DType } from '../tensor/tensor.ts'

/** One tensor's place on disk. `path` is absolute; the data is `byteLength` little-endian bytes at `byteOffset`. */
export interface WeightEntry {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly path: string
  readonly byteOffset: number
  readonly byteLength: number
  /** The bytes themselves, where they are not a plain range of the file. */
  readonly data?: Uint8Array
  /** The file as the user knows it, where `path` has links resolved; for messages. */
  readonly file?: string
  /** The name in the file, where a rename table changed it; for messages. */
  readonly nameInFile?: string
  /** What adapters add to it; the stored bytes are without it. */
  readonly deltas?: readonly WeightDelta[]
  /** Of a weight in int8 or uint8: how its bytes are laid out. `shape` stays that of the float weight. */
  readonly quantized?: QuantizedLayout
}

/**
 * W[o, i, p] = scale[o] * (q - zero point), where o counts output channels, i input channels and p positions in the kernel; the zero point
 * is 0 in int8 and 128 in uint8. The integers lie as a product takes them: `parts` equal ranges of o one after the other, each [p, i, o].
 */
interface QuantizedLayout {
  readonly parts: number
  /** float32 [O] */
  readonly scale: WeightEntry
}

/** One adapter's change of a weight W: W + scale * change. Its tensors lie in the adapter's own file. */
export type WeightDelta = LowRankDelta | DenseDelta

/** change = up x down, which has the elements of W in their order; where it has k times as many, every k in a row are averaged. */
export interface LowRankDelta {
  readonly scale: number
  /** [M, rank] */
  readonly up: WeightEntry
  /** [rank, N] */
  readonly down: WeightEntry
  /** Both factors are stored transposed: up is [rank, M], down is [N, rank]. */
  readonly transposed?: boolean
}

export interface DenseDelta {
  readonly scale: number
  /** The change itself, in W's shape. */
  readonly dense: WeightEntry
  /** `dense` is the adapted weight; the change is what it has beyond W. */
  readonly whole?: boolean
}

/** A weight that a model asked for: its full checkpoint name and where its bytes are. */
export interface Weight extends WeightEntry {
  readonly name: string
}

export class Weights {
  readonly #entries: ReadonlyMap<string, WeightEntry>
  readonly #used: Set<string>
  /** Path of this cursor, '' at the root. */
  readonly path: string

  private constructor(entries: ReadonlyMap<string, WeightEntry>, used: Set<string>, path: string) {
    this.#entries = entries
    this.#used = used
    this.path = path
  }

  static from(entries: ReadonlyMap<string, WeightEntry>): Weights {
    return new Weights(entries, new Set(), '')
  }

  /** The cursor one or more path parts further down. */
  at(path: string | number): Weights {
    return new Weights(this.#entries, this.#used, this.#join(String(path)))
  }

  has(name: string): boolean {
    return this.#entries.has(this.#join(name))
  }

  /** Takes a tensor. Throws CheckpointError with full path, both shapes and the file when it is missing or misshapen. */
  get(name: string, shape: readonly number[]): Weight {
    const full = this.#join(name)
    const entry = this.#entries.get(full)
    if (!entry) throw new CheckpointError(`${full} ${shapeText(shape)} is missing from ${this.#shownFiles() || 'an empty checkpoint'}`)
    if (entry.shape.length !== shape.length || entry.shape.some((size, i) => size !== shape[i]))
      throw new CheckpointError(
        `${shownName(full, entry)} has shape ${shapeText(entry.shape)}, the config asks for ${shapeText(shape)} (${entry.file ?? entry.path})`,
      )
    this.#used.add(full)
    return { ...entry, name: full }
  }

  /** Names below this cursor that nothing has taken. */
  unused(): string[] {
    const prefix = this.path === '' ? '' : `${this.path}.`
    return [...this.#entries.keys()].filter((name) => name.startsWith(prefix) && !this.#used.has(name))
  }

  /** Throws CheckpointError naming every tensor (the first few) that the model has no place for. */
  assertAllUsed(): void {
    const extra = this.unused()
    if (extra.length === 0) return
    const shown = extra.slice(0, 5).map((name) => {
      const entry = this.#entries.get(name)!
      return `${shownName(name, entry)} ${shapeText(entry.shape)}`
    })
    const more = extra.length > shown.length ? ` and ${extra.length - shown.length} more` : ''
    throw new CheckpointError(`the config has no place for ${shown.join(', ')}${more} (${this.#shownFiles()})`)
  }

  /** All tensors of the component by their full names, wherever this cursor stands. */
  entries(): ReadonlyMap<string, WeightEntry> {
    return this.#entries
  }

  /** Files that hold the tensors. */
  files(): string[] {
    return [...new Set([...this.#entries.values()].map((entry) => entry.path))]
  }

  /** Sum of the tensors' sizes in bytes, and of their elements; adapters aside. */
  size(): { bytes: number; parameters: number } {
    let bytes = 0
    let parameters = 0
    for (const entry of this.#entries.values()) {
      bytes += entry.byteLength
      parameters += entry.shape.reduce((product, size) => product * size, 1)
    }
    return { bytes, parameters }
  }

  #shownFiles(): string {
    return [...new Set([...this.#entries.values()].map(({ file, path }) => file ?? path))].join(', ')
  }

  #join(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`
  }
}

function shownName(name: string, entry: WeightEntry): string {
  return entry.nameInFile === undefined || entry.nameInFile === name ? name : `${name} (${entry.nameInFile} in the file)`
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}
