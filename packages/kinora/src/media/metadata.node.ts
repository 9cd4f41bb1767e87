// The request that a video carries, read from the file's own tags without decoding anything and
// without native code: files may come from anywhere.

import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MediaError } from '../errors.ts'
import { outputForm } from './form.node.ts'
import { readGifComment } from './gif.ts'
import { readMp4Comment } from './mp4.ts'
import { readSafetensorsComment } from './safetensors-read.ts'
import { type ByteSource, MAX_TEXT_BYTES } from './source.ts'
import { parseRequest } from './tags.ts'
import { readWebmComment } from './webm.ts'
import { readWebpComment } from './webp.ts'

const READERS = {
  mp4: readMp4Comment,
  webm: readWebmComment,
  gif: readGifComment,
  webp: readWebpComment,
  safetensors: readSafetensorsComment,
}

/**
 * The request stored in a video file or folder of frames, undefined when it carries none. Throws
 * ArgumentError for an unknown extension and MediaError when the file cannot be read.
 */
export async function readMetadata(path: string): Promise<Record<string, unknown> | undefined> {
  return parseRequest(await readComment(path))
}

/** The comment tag as it stands. */
export async function readComment(path: string): Promise<string | undefined> {
  const form = outputForm(path)
  try {
    return form === 'png' ? await readFolder(path) : await withSource(path, READERS[form])
  } catch (cause) {
    throw new MediaError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Opens a file for bounded random access while `use` runs. */
export async function withSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return await use({
      size,
      read: async (offset, length) => {
        const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset)
        return buffer.subarray(0, bytesRead)
      },
    })
  } finally {
    await file.close()
  }
}

async function readFolder(path: string): Promise<string | undefined> {
  const folder = await stat(path)
  if (!folder.isDirectory()) throw new Error('it is not a folder')
  const file = join(path, 'kinora.json')
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile() || found.size > MAX_TEXT_BYTES) return undefined
  return (await readFile(file, 'utf8')).trimEnd()
}
