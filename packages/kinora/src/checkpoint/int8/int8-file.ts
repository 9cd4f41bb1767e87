// The file that holds a component's int8 weights: safetensors with `NAME` and `NAME_scale` for each, laid out
// as weights.ts describes. Only these tensors are in it; all others are read where they always were.

import { CheckpointError } from '../../errors.ts'
import type { DType } from '../../tensor/tensor.ts'
import type { StoredTensor, TensorFile } from '../tensor-file.ts'
import { type WeightEntry, Weights } from '../weights.ts'

/** A weight that is to be in the file. */
export interface Int8Tensor {
  readonly name: string
  /** The float weight that it was made of; another name where one has two forms. */
  readonly of: string
  readonly dtype: 'int8' | 'uint8'
  /** [parts, positions, I, O / parts] */
  readonly shape: readonly number[]
}

/** Tensors of the file: name, dtype and shape. */
export function int8Places(tensors: readonly Int8Tensor[]): { name: string; dtype: DType; shape: readonly number[] }[] {
  return tensors.flatMap(({ name, dtype, shape }) => [
    { name, dtype, shape },
    { name: scaleName(name), dtype: 'float32' as const, shape: [shape[0]! * shape.at(-1)!] },
  ])
}

export function scaleName(name: string): string {
  return `${name}_scale`
}

/**
 * The component's weights with those of the file in place of their float forms, adapters included. Throws CheckpointError when the file
 * holds other tensors than these.
 */
export function withInt8(entries: ReadonlyMap<string, WeightEntry>, file: TensorFile, tensors: readonly Int8Tensor[]): Weights {
  const places = int8Places(tensors)
  if (file.tensors.size !== places.length)
    throw new CheckpointError(`${file.file} holds ${file.tensors.size} tensors instead of ${places.length}`)
  for (const { name, dtype, shape } of places) {
    const stored = file.tensors.get(name)
    if (stored?.dtype !== dtype || stored.shape.join() !== shape.join())
      throw new CheckpointError(`${file.file} holds no ${dtype} tensor ${name} [${shape.join(', ')}]`)
  }
  const joined = new Map(entries)
  for (const { name, of, shape } of tensors) joined.set(name, int8Entry(entries.get(of)!, file, name, shape[0]!))
  return Weights.from(joined)
}

function int8Entry({ shape }: WeightEntry, file: TensorFile, name: string, parts: number): WeightEntry {
  const stored = file.tensors.get(name)!
  const scale = file.tensors.get(scaleName(name))!
  return { ...placed(file, stored, shape), quantized: { parts, scale: placed(file, scale, scale.shape) } }
}

function placed({ absolute, file }: TensorFile, { dtype, byteOffset, byteLength }: StoredTensor, shape: readonly number[]): WeightEntry {
  return { dtype: dtype!, shape, path: absolute, byteOffset, byteLength, file }
}
