// From a weight file to the map behind a `Weights` cursor: headers of one file or of all shards, names
// mapped to today's. Reads headers only, never tensor data; a range of rows is a range of the same bytes.

import { CheckpointError } from '../errors.ts'
import { bytesPerElement, elementCount } from '../tensor/tensor.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, isJsonObject, parseJsonObject } from './json.ts'
import type { KeyMap, Target } from './keys/key-map.ts'
import { readTensorFile, type StoredTensor, type TensorFile } from './tensor-file.ts'
import type { WeightFile } from './weight-files.ts'
import type { WeightEntry } from './weights.ts'

export type WeightEntries = ReadonlyMap<string, WeightEntry>

/** All tensors of a component. Throws CheckpointError for a damaged file, a tensor held twice or one that is not a float. */
export async function readWeightEntries(files: CheckpointFiles, file: WeightFile, keys: KeyMap): Promise<WeightEntries> {
  return weightEntries(file.sharded ? await readShards(files, file.path) : [await readTensorFile(files, file.path)], keys)
}

/** What `keys` makes of the tensors of one component's files. Throws as `readWeightEntries`. */
export function weightEntries(files: readonly TensorFile[], keys: KeyMap): WeightEntries {
  const entries = new Map<string, WeightEntry>()
  for (const file of files)
    for (const [nameInFile, stored] of file.tensors)
      for (const target of [keys(nameInFile, stored.shape) ?? []].flat()) {
        const twin = entries.get(target.name)
        if (twin)
          throw new CheckpointError(
            `${excerpt(nameInFile)} of ${file.file} and ${excerpt(twin.nameInFile)} of ${twin.file} are the same tensor`,
          )
        entries.set(target.name, entryOf(file, nameInFile, stored, target))
      }
  return entries
}

function entryOf({ file, absolute }: TensorFile, nameInFile: string, stored: StoredTensor, { shape, rows }: Target): WeightEntry {
  const { dtype, dtypeName, byteOffset, byteLength, data } = stored
  if (dtype !== 'float16' && dtype !== 'float32' && dtype !== 'bfloat16' && dtype !== 'float64')
    throw new CheckpointError(
      `${excerpt(nameInFile)} of ${file} is ${excerpt(dtypeName)}; Kinora reads weights in F64, F32, F16 and BF16: use another variant or convert the file`,
    )
  const entry = { dtype, shape, path: absolute, byteOffset, byteLength, file, nameInFile, ...(data && { data }) }
  if (!rows) return entry
  const rowBytes = elementCount(stored.shape.slice(1)) * bytesPerElement(dtype)
  const [start, end] = [rows[0] * rowBytes, rows[1] * rowBytes]
  return {
    ...entry,
    byteOffset: byteOffset + start,
    byteLength: end - start,
    nameInFile: `${nameInFile}[${rows.join(':')}]`,
    ...(data && { data: data.subarray(start, end) }),
  }
}

/** The shards that an index lists, each once; checks that every tensor of the index is where it should be. */
async function readShards(files: CheckpointFiles, indexPath: string): Promise<TensorFile[]> {
  const shown = shownPath(files, indexPath)
  const folder = indexPath.slice(0, indexPath.lastIndexOf('/') + 1)
  const map = parseJsonObject(await files.readText(indexPath), shown).weight_map
  if (!isJsonObject(map)) throw new CheckpointError(`${shown} has no weight_map`)
  const tensorsOf = new Map<string, string[]>()
  for (const [tensor, name] of Object.entries(map)) {
    if (typeof name !== 'string' || !/^[\w.-]+\.(?:safetensors|bin)$/.test(name))
      throw new CheckpointError(
        `${shown} puts ${excerpt(tensor)} into ${excerpt(name)}, which is not the name of a .safetensors or .bin file beside it`,
      )
    const path = folder + name
    const tensors = tensorsOf.get(path)
    if (tensors) tensors.push(tensor)
    else tensorsOf.set(path, [tensor])
  }
  if (tensorsOf.size === 0) throw new CheckpointError(`${shown} has an empty weight_map`)
  const shards: TensorFile[] = []
  for (const [path, names] of tensorsOf) {
    if (!(await files.exists(path))) throw new CheckpointError(`${shownPath(files, path)} is missing, ${shown} lists it`)
    const shard = await readTensorFile(files, path)
    const absent = names.find((name) => !shard.tensors.has(name))
    if (absent !== undefined) throw new CheckpointError(`${shownPath(files, path)} has no tensor ${excerpt(absent)}, ${shown} says it has`)
    shards.push(shard)
  }
  return shards
}
