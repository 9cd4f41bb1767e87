// Cuts a raw byte stream into pictures of one size. The same buffer is handed out each time:
// a consumer copies what it keeps.

import type { EncodeJob } from './job.ts'
import { yuv420Bytes } from './yuv.ts'

/** Bytes of one picture as it travels for this job. */
export function pictureBytes({ form, width, height }: Pick<EncodeJob, 'form' | 'width' | 'height'>): number {
  return form === 'mp4' || form === 'webm' ? yuv420Bytes(width, height) : width * height * 3
}

/** Yields every whole picture of `bytes` bytes; returns how many bytes of one more there were. */
export async function* cutPictures(stream: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array, number> {
  const picture = new Uint8Array(bytes)
  let filled = 0
  for await (const chunk of stream) {
    let at = 0
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + picture.length - filled)
      picture.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < picture.length) continue
      filled = 0
      yield picture
    }
  }
  return filled
}

/** Yields `job.frames` pictures; throws when the stream ends early. */
export async function* pictures(stream: AsyncIterable<Uint8Array>, job: EncodeJob): AsyncGenerator<Uint8Array> {
  const cut = cutPictures(stream, pictureBytes(job))
  let count = 0
  for (;;) {
    const { done, value } = await cut.next()
    if (done) {
      if (count !== job.frames || value > 0) throw new Error(`the frames ended after ${count} of ${job.frames}`)
      return
    }
    count++
    yield value
  }
}
