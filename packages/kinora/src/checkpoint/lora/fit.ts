// Whether a pair of factors fits a weight, and the delta it then is. A pair fits as a product of matrices
// (Hu et al. 2021; for convolutions the down factor has the kernel, Yeh et al. 2023, "LyCORIS"), transposed
// for embeddings, or in stable_lora's form for convolutions. Shapes only; nothing is computed.

import { elementCount } from '../../tensor/tensor.ts'
import type { DenseDelta, LowRankDelta, WeightEntry } from '../weights.ts'
import type { LoraFormat, LoraPair } from './lora.ts'

/** The delta with factors [M, rank] and [rank, N]; undefined when the shapes do not fit the weight called `name`. */
export function fitPair(pair: LoraPair, name: string, weight: WeightEntry, scale: number, format: LoraFormat): LowRankDelta | undefined {
  if (name.endsWith('_embedding.weight')) return asEmbedding(pair, weight, scale)
  return asProduct(pair, weight, scale) ?? (format === 'stable-lora' ? asBlocks(pair, weight, scale) : undefined)
}

export function fitDense(dense: WeightEntry, whole: boolean, weight: WeightEntry, scale: number): DenseDelta | undefined {
  if (!equal(withoutOnes(dense.shape), withoutOnes(weight.shape))) return undefined
  return { scale, dense: { ...dense, shape: weight.shape }, ...(whole && { whole }) }
}

/** up [O, r, 1...] x down [r, ...kernel] for W [O, ...kernel]; sizes of 1 at the end are free, so that a 1x1 convolution is a matrix. */
function asProduct({ up, down }: LoraPair, { shape }: WeightEntry, scale: number): LowRankDelta | undefined {
  const [outputs, ...kernel] = shape
  const [rank, ...inputs] = down.shape
  if (!rank || !equal(withoutOnes(up.shape, 2), [outputs, rank]) || !equal(withoutOnes(inputs), withoutOnes(kernel))) return undefined
  return { scale, up: matrix(up, outputs!, rank), down: matrix(down, rank, elementCount(kernel)) }
}

/** up [D, r], down [r, T] for a table W [T, D]: the change is their product, transposed. */
function asEmbedding({ up, down }: LoraPair, { shape }: WeightEntry, scale: number): LowRankDelta | undefined {
  const rank = down.shape[0]
  if (!rank || !equal(up.shape, [shape[1], rank]) || !equal(down.shape, [rank, shape[0]])) return undefined
  return { scale, up: down, down: up, transposed: true }
}

/**
 * stable_lora: up [O * k, r * k] x down [r * k, I * k] is read as [O, I, k, k]; for temporal kernels [O, I, k, 1, 1] the last k are
 * averaged. ExponentialML/Text-To-Video-Finetuning, stable_lora/lora.py.
 */
function asBlocks({ up, down }: LoraPair, { shape }: WeightEntry, scale: number): LowRankDelta | undefined {
  const [outputs = 0, inputs = 0, size = 0, ...rest] = shape
  const inner = down.shape[0]
  const kernel = equal(rest, [size]) || equal(rest, [1, 1])
  if (!inner || !kernel || inner % size !== 0) return undefined
  if (!equal(withoutOnes(up.shape, 2), [outputs * size, inner]) || !equal(withoutOnes(down.shape, 2), [inner, inputs * size]))
    return undefined
  return { scale, up: matrix(up, outputs * size, inner), down: matrix(down, inner, inputs * size) }
}

function matrix(entry: WeightEntry, rows: number, columns: number): WeightEntry {
  return { ...entry, shape: [rows, columns] }
}

/** The shape less its trailing sizes of 1, `least` sizes kept. */
function withoutOnes(shape: readonly number[], least = 0): number[] {
  const sizes = [...shape]
  while (sizes.length > least && sizes.at(-1) === 1) sizes.pop()
  return sizes
}

function equal(a: readonly (number | undefined)[], b: readonly (number | undefined)[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i])
}
