// From a chosen weight file to the map behind a `Weights` cursor: headers of one file or of all shards,
// names mapped to today's. Reads headers only, never tensor data.

import { CheckpointError } from '../errors.ts'
import type { ComponentLayout } from './components.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, isJsonObject, parseJsonObject } from './json.ts'
import { readTensorFile } from './tensor-file.ts'
import type { WeightFile } from './weight-files.ts'
import type { WeightEntry } from './weights.ts'

/** All tensors of a component. Throws CheckpointError for a damaged file, a tensor held twice or one that is not a float. */
export async function readWeightEntries(
  files: CheckpointFiles,
  file: WeightFile,
  { keys }: ComponentLayout,
): Promise<Map<string, WeightEntry>> {
  const entries = new Map<string, WeightEntry>()
  for (const path of file.sharded ? await shardPaths(files, file.path) : [file.path]) {
    const { tensors, absolute, file: shown } = await readTensorFile(files, path)
    for (const [nameInFile, { dtype, dtypeName, shape: shapeInFile, byteOffset, byteLength, data }] of tensors) {
      const target = keys(nameInFile, shapeInFile)
      if (!target) continue
      const twin = entries.get(target.name)
      if (twin)
        throw new CheckpointError(`${excerpt(nameInFile)} of ${shown} and ${excerpt(twin.nameInFile)} of ${twin.file} are the same tensor`)
      if (dtype !== 'float16' && dtype !== 'float32' && dtype !== 'bfloat16' && dtype !== 'float64')
        throw new CheckpointError(
          `${excerpt(nameInFile)} of ${shown} is ${excerpt(dtypeName)}; Kinora reads weights in F64, F32, F16 and BF16: use another variant or convert the file`,
        )
      entries.set(target.name, {
        dtype,
        shape: target.shape,
        path: absolute,
        byteOffset,
        byteLength,
        file: shown,
        nameInFile,
        ...(data && { data }),
      })
    }
  }
  return entries
}

/** Paths of the shards that an index lists, each once; checks that every tensor of the index is where it should be. */
async function shardPaths(files: CheckpointFiles, indexPath: string): Promise<string[]> {
  const shown = shownPath(files, indexPath)
  const folder = indexPath.slice(0, indexPath.lastIndexOf('/') + 1)
  const map = parseJsonObject(await files.readText(indexPath), shown).weight_map
  if (!isJsonObject(map)) throw new CheckpointError(`${shown} has no weight_map`)
  const tensorsOf = new Map<string, string[]>()
  for (const [tensor, name] of Object.entries(map)) {
    if (typeof name !== 'string' || !/^[\w.-]+\.safetensors$/.test(name))
      throw new CheckpointError(
        `${shown} puts ${excerpt(tensor)} into ${excerpt(name)}, which is not the name of a .safetensors file beside it`,
      )
    const path = folder + name
    const tensors = tensorsOf.get(path)
    if (tensors) tensors.push(tensor)
    else tensorsOf.set(path, [tensor])
  }
  if (tensorsOf.size === 0) throw new CheckpointError(`${shown} has an empty weight_map`)
  for (const [path, names] of tensorsOf) {
    if (!(await files.exists(path))) throw new CheckpointError(`${shownPath(files, path)} is missing, ${shown} lists it`)
    const { tensors } = await readTensorFile(files, path)
    const absent = names.find((name) => !tensors.has(name))
    if (absent !== undefined) throw new CheckpointError(`${shownPath(files, path)} has no tensor ${excerpt(absent)}, ${shown} says it has`)
  }
  return [...tensorsOf.keys()]
}
