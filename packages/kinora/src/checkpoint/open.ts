// The way into a checkpoint on this machine, whatever its layout; so far diffusers' folders.
// Reads configs, tokenizer and tensor headers; the weights' data stays on disk.

import { openFolder } from '#files'
import { ArgumentError } from '../errors.ts'
import type { Checkpoint, OpenOptions } from './checkpoint.ts'
import { openDiffusersFolder } from './diffusers-folder.ts'

/**
 * Opens a checkpoint folder. Throws ArgumentError for a malformed variant, CheckpointError when the folder is missing,
 * is another kind of checkpoint, or lacks or holds damaged files.
 */
export async function openCheckpoint(folder: string, { variant }: OpenOptions = {}): Promise<Checkpoint> {
  if (variant !== undefined && !/^[\w-]+$/.test(variant))
    throw new ArgumentError(`variant must be a word of a file name such as fp16 (for model.fp16.safetensors), got '${variant}'`)
  return openDiffusersFolder(await openFolder(folder), variant)
}
