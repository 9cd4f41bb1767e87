// A continued video as one: the given frames, then the new ones. The frames that both have are shown once.

import type { Video } from 'kinora'
import { resizeFrames, tensor } from 'kinora'
import type { Source } from './source.ts'

/** `overlap` frames at the new video's beginning repeat the end of the given one, which is brought to the new one's size where that differs. */
export function joined({ frames: given }: Source, video: Video, overlap: number): Video {
  const [, count, height, width] = video.frames.shape as [number, number, number, number]
  const first = resizeFrames(given, { height, width }, 'bicubic')
  const rest = video.frames.data.subarray(overlap * height * width * 3)
  const total = first.shape[0]! + count - overlap
  const data = new Float32Array(total * height * width * 3)
  data.set(first.data)
  data.set(rest, first.data.length)
  return { ...video, frames: tensor('float32', [1, total, height, width, 3], data) }
}
