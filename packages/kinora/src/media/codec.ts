// What a codec library offers inside the encoder child: node-av.node.ts for mp4 and webm,
// sharp.node.ts for GIF, WebP and PNG frames.

import type { DecodeJob, EncodeJob, VideoInfo } from './job.ts'

export interface Codec {
  /** Of the libraries inside, for reports. */
  readonly version: string
  /** Writes the file, then decodes it again and returns what is in it. */
  encode(job: EncodeJob, pictures: AsyncIterable<Uint8Array>): Promise<VideoInfo>
  /** Hands out RGB bytes [height, width, 3] of each frame, in order. */
  decode(job: DecodeJob, emit: (rgb: Uint8Array) => Promise<void>): Promise<VideoInfo>
}
