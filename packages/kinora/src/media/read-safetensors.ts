// Reads the picked frames out of a .safetensors file that this library wrote, with its frame rate.
// They are floats already, so nothing is decoded; only the wanted rows are taken from the file.

import { type Tensor, tensor, tensorFromBytes } from '../tensor/tensor.ts'
import { checkLimits, type FramePick, type ReadLimits } from './job.ts'
import { copiesAtRate, keptCopies } from './pick.ts'
import { frameRate } from './rate.ts'
import { fileMetadata, locateFrames } from './safetensors-read.ts'
import type { ByteSource } from './source.ts'

export interface StoredVideo {
  /** [F, H, W, 3] */
  readonly frames: Tensor<'float32'>
  readonly fps: number
  readonly width: number
  readonly height: number
  readonly notes: readonly string[]
}

/** Frames in a file, which are counted one by one. */
const MAX_STORED = 1_000_000

/** Throws when the file holds no single video, or more of it is wanted than the limits allow. */
export async function readSafetensors(source: ByteSource, pick: FramePick, limits: ReadLimits, defaultFps: number): Promise<StoredVideo> {
  const found = await locateFrames(source)
  if (!found) throw new Error('it holds no float32 tensor `frames` of shape [B, F, H, W, 3]')
  const [batch, stored, height, width] = found.shape
  if (stored > MAX_STORED) throw new Error(`it holds ${stored} frames; files of ${MAX_STORED} are read`)
  if (batch !== 1) throw new Error(`it holds ${batch} videos; only files of one are read`)
  const fps = storedRate(Number((await fileMetadata(source))?.fps), defaultFps)
  const { num, den } = frameRate(fps)
  const ones = Array.from({ length: stored }, () => 1)
  const kept = keptCopies(pick.rate ? copiesAtRate(ones, { num: den, den: num }, pick.rate) : ones, pick)
  const frames = kept.reduce((sum, count) => sum + count, 0)
  checkLimits({ width, height, frames }, limits)
  if (frames === 0) throw new Error(`it has ${stored} frames, none from ${pick.start} on`)
  const clip = tensor('float32', [frames, height, width, 3])
  const bytes = found.bytes / stored
  let at = 0
  for (const [index, copies] of kept.entries()) {
    if (copies === 0) continue
    const frame = tensorFromBytes('float32', [height, width, 3], await source.read(found.offset + index * bytes, bytes))
    for (let copy = 0; copy < copies; copy++, at += frame.data.length) clip.data.set(frame.data, at)
  }
  return { frames: clip, fps: pick.rate ? pick.rate.num / pick.rate.den : fps, width, height, notes: [] }
}

function storedRate(fps: number, otherwise: number): number {
  return fps >= 1 && fps <= 60 ? fps : otherwise
}
