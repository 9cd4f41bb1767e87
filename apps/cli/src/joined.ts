// A continued video as one: the given frames, then the new ones. The frames that both have are shown once.

import type { Video } from 'kinora'
import { resizeFrames, tensor } from 'kinora'
import type { Source } from './source.ts'

/** Of the given video, brought to the new one's size where it differs. */
export function joined({ frames: given }: Source, video: Video): Video {
  const [, count, height, width] = video.frames.shape as [number, number, number, number]
  const first = resizeFrames(given, { height, width }, 'bicubic')
  const rest = video.frames.data.subarray(video.settings.overlap! * height * width * 3)
  const total = first.shape[0]! + count - video.settings.overlap!
  const data = new Float32Array(total * height * width * 3)
  data.set(first.data)
  data.set(rest, first.data.length)
  return { ...video, frames: tensor('float32', [1, total, height, width, 3], data) }
}
