// Inflates one deflated zip entry into memory, a piece at a time, and never beyond the size that the
// archive declares for it. Format: RFC 1951, through the web platform's DecompressionStream.

import { CheckpointError } from '../../errors.ts'
import type { CheckpointFiles } from '../files.ts'

const PIECE_BYTES = 2 ** 20

/** The range's content, which must inflate to exactly `size` bytes. The caller has bounded `size`. */
export async function inflate(
  files: CheckpointFiles,
  path: string,
  { byteOffset, byteLength }: { byteOffset: number; byteLength: number },
  size: number,
  label: string,
): Promise<Uint8Array> {
  const reader = compressed(files, path, byteOffset, byteLength).pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const next = () =>
    reader.read().catch((cause: unknown) => {
      if (cause instanceof CheckpointError) throw cause
      throw new CheckpointError(`${label} cannot be inflated: its data is damaged; download the file again`, { cause })
    })
  const out = new Uint8Array(size)
  let length = 0
  for (let piece = await next(); !piece.done; piece = await next()) {
    if (length + piece.value.length > size) {
      await reader.cancel()
      throw new CheckpointError(`${label} inflates to more than the ${size} bytes it declares: it is hostile`)
    }
    out.set(piece.value, length)
    length += piece.value.length
  }
  if (length !== size) throw new CheckpointError(`${label} inflates to ${length} bytes and declares ${size}; download the file again`)
  return out
}

function compressed(files: CheckpointFiles, path: string, byteOffset: number, byteLength: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let done = 0
  return new ReadableStream({
    async pull(controller) {
      const length = Math.min(PIECE_BYTES, byteLength - done)
      if (length > 0) controller.enqueue(new Uint8Array(await files.read(path, byteOffset + done, length)))
      done += length
      if (done === byteLength) controller.close()
    },
  })
}
