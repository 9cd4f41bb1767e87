// What a program that encodes and decodes offers to the rest of this folder. The programs are in
// child.node.ts (node-av, sharp) and ffmpeg.node.ts, the choice between them in backends.node.ts.

import { MediaError } from '../errors.ts'
import type { DecodedInfo, DecodeJob, EncodeJob, VideoInfo } from './job.ts'

export type BackendName = 'node-av' | 'ffmpeg' | 'sharp'

export interface DecodedFrames extends DecodedInfo {
  /** RGB bytes [F, H, W, 3], cut anywhere. */
  readonly chunks: Uint8Array[]
}

export interface Backend {
  readonly name: BackendName
  /** Version of its libraries. Throws BackendMissing when it cannot run here. */
  version(): Promise<string>
  /**
   * Encodes pictures in the job's raw layout; they are asked for only once the
   * program runs. Resolves to what decoding the written file finds in it.
   */
  encode(job: EncodeJob, pictures: () => Iterable<Uint8Array>, signal?: AbortSignal): Promise<VideoInfo>
  /** The picked frames. */
  decode(job: DecodeJob, signal?: AbortSignal): Promise<DecodedFrames>
}

/** This backend cannot run on this machine; another one may. */
export class BackendMissing extends MediaError {
  override name = 'BackendMissing'
}
