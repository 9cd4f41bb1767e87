// What a codec library offers inside the encoder child: node-av.node.ts for video, sharp.node.ts for
// pictures: GIF, WebP, folders of frames.

import type { DecodedInfo, DecodeJob, EncodeJob, VideoInfo } from './job.ts'

export interface Codec {
  /** Of the libraries inside, for reports. */
  readonly version: string
  /** Writes the file, then decodes it again and returns what is in it. */
  encode(job: EncodeJob, pictures: AsyncIterable<Uint8Array>): Promise<VideoInfo>
  /** Hands out RGB bytes [height, width, 3] of each picked frame, in order and as a player shows them. */
  decode(job: DecodeJob, emit: (rgb: Uint8Array) => Promise<void>): Promise<DecodedInfo>
}
