// Saves frames, and latents when given, as a .safetensors file: float32 `frames` [B, F, H, W, 3]
// with B = 1, `latents` as they are, the request and the frame rate in the file metadata.

import { open } from 'node:fs/promises'
import { ArgumentError, MediaError } from '../errors.ts'
import { encodeSafetensors } from '../tensor/safetensors.ts'
import { elementCount, type Tensor } from '../tensor/tensor.ts'
import type { Tags } from './job.ts'
import { withSource } from './metadata.node.ts'
import { locateFrames, readSafetensorsComment } from './safetensors-read.ts'
import { pathSize, stage } from './staging.node.ts'

/** Written at once at most, so that an abort is noticed soon. */
const SLICE = 8 << 20

interface Options {
  readonly fps: number
  readonly tags: Tags
  readonly latents: Tensor | undefined
  readonly signal: AbortSignal | undefined
}

/** Resolves to the size of the file. */
export async function saveSafetensors(frames: Tensor<'float32'>, path: string, { fps, tags, latents, signal }: Options): Promise<number> {
  if (latents && latents.data.length !== elementCount(latents.shape))
    throw new ArgumentError(`latents [${latents.shape.join(', ')}] hold ${latents.data.length} values`)
  const batch: Tensor = { ...frames, shape: [1, ...frames.shape] }
  const chunks = encodeSafetensors(latents ? { latents, frames: batch } : { frames: batch }, { ...tags, fps: String(fps) })
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return stage(path, 'file', async (temporary) => {
    await writeChunks(temporary, chunks, signal)
    await verify(temporary, total, tags.comment)
    return total
  })
}

async function writeChunks(path: string, chunks: readonly Uint8Array[], signal: AbortSignal | undefined): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        signal?.throwIfAborted()
        const { bytesWritten } = await file.write(chunk, at, Math.min(SLICE, chunk.length - at))
        at += bytesWritten
      }
    }
  } finally {
    await file.close()
  }
}

async function verify(path: string, bytes: number, comment: string | undefined): Promise<void> {
  const [stored, found] = await withSource(
    path,
    async (source) => [await readSafetensorsComment(source), await locateFrames(source)] as const,
  )
  if ((await pathSize(path)) !== bytes || !found || stored !== comment) throw new MediaError(`the written ${path} does not read back`)
}
