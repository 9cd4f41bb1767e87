// Checkpoint files on a local disk. A path never leaves the checkpoint's folder, neither by `..` nor by a
// link; the one exception is the Hugging Face cache, whose snapshots are links into their repository's blobs.

import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { CheckpointError } from '../errors.ts'
import { type CheckpointFiles, shownPath } from './files.ts'

/** vocab.json and index files of the largest models are a few MB. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024

/** Opens a checkpoint folder. Throws CheckpointError when there is no such folder. */
export async function openFolder(folder: string): Promise<CheckpointFiles> {
  const info = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new CheckpointError(`${folder} does not exist: name a folder that holds model_index.json`, { cause })
    throw new CheckpointError(`${folder} cannot be opened: ${cause.message}`, { cause })
  })
  if (!info.isDirectory()) throw new CheckpointError(`${folder} is a file: name the folder that holds model_index.json`)
  return new FolderFiles(folder, await realpath(folder))
}

class FolderFiles implements CheckpointFiles {
  readonly root: string
  readonly #real: string
  readonly #blobs: readonly string[]

  constructor(root: string, real: string) {
    this.root = root
    this.#real = real
    this.#blobs = blobsOf(real)
  }

  async list(folder: string): Promise<string[]> {
    const real = await this.#find(folder)
    const isFolder = real !== undefined && (await stat(real)).isDirectory()
    return isFolder ? (await readdir(real)).sort() : []
  }

  async exists(file: string): Promise<boolean> {
    const real = await this.#find(file)
    return real !== undefined && (await stat(real)).isFile()
  }

  async size(file: string): Promise<number> {
    const info = await stat(await this.absolute(file))
    if (!info.isFile()) throw new CheckpointError(`${shownPath(this, file)} is not a file`)
    return info.size
  }

  async readText(file: string): Promise<string> {
    const size = await this.size(file)
    if (size > MAX_TEXT_BYTES) throw new CheckpointError(`${shownPath(this, file)} has ${size} bytes, the limit is ${MAX_TEXT_BYTES}`)
    const bytes = await this.read(file, 0, size)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (cause) {
      throw new CheckpointError(`${shownPath(this, file)} is not UTF-8 text; download it again`, { cause })
    }
  }

  async read(file: string, offset: number, length: number): Promise<Uint8Array> {
    const size = await this.size(file)
    if (offset + length > size)
      throw new CheckpointError(`${shownPath(this, file)} ends at byte ${size}, before byte ${offset + length}; download it again`)
    const handle = await open(await this.absolute(file), 'r')
    try {
      return await readFully(handle, offset, length, shownPath(this, file))
    } finally {
      await handle.close()
    }
  }

  async absolute(file: string): Promise<string> {
    const real = await this.#find(file)
    if (real === undefined) throw new CheckpointError(`${shownPath(this, file)} is missing`)
    return real
  }

  /** The real path; undefined when nothing is there. */
  async #find(file: string): Promise<string | undefined> {
    const shown = shownPath(this, file)
    const target = path.resolve(this.#real, file)
    if (!isInside(target, this.#real)) throw new CheckpointError(`${shown} is outside the checkpoint's folder`)
    const real = await realpath(target).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
      throw new CheckpointError(`${shown} cannot be read: ${cause.message}`, { cause })
    })
    if (real === undefined || [this.#real, ...this.#blobs].some((folder) => isInside(real, folder))) return real
    throw new CheckpointError(`${shown} is a link to ${real}, outside the checkpoint's folder: put the file itself there`)
  }
}

/**
 * Of a snapshot `CACHE/models--owner--name/snapshots/REVISION`, or a folder in it: where the contents are that its links lead to. Newer
 * versions of huggingface_hub keep them for all repositories together.
 */
function blobsOf(folder: string): string[] {
  const parts = folder.split(path.sep)
  const at = parts.findLastIndex((part, i) => part === 'snapshots' && (parts[i - 1] ?? '').startsWith('models--'))
  if (at < 0 || at === parts.length - 1) return []
  return [at, at - 1].map((end) => [...parts.slice(0, end), 'blobs'].join(path.sep))
}

async function readFully(handle: FileHandle, offset: number, length: number, shown: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) throw new CheckpointError(`${shown} became shorter while it was read`)
    done += bytesRead
  }
  return bytes
}

function isInside(target: string, folder: string): boolean {
  const relative = path.relative(folder, target)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}
