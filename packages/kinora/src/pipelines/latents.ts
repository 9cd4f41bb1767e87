// The few tensor operations between the models: frames into the batch axis and back, joining a batch,
// and pixels out of the decoder. Everything else happens inside a graph.

import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { elementCount, tensor } from '../tensor/tensor.ts'

type Float = Tensor<'float32'>

/** [B, C, F, h, w] -> [B * F, C, h, w], the form in which the reference's schedulers see a video. */
export function framesToBatch(x: Float): Float {
  const [batch, channels, frames, height, width] = x.shape as [number, number, number, number, number]
  return tensor('float32', [batch * frames, channels, height, width], swapAxes(x.data, batch, channels, frames, height * width))
}

/** [B * F, C, h, w] -> [B, C, F, h, w] */
export function batchToFrames(x: Float, frames: number): Float {
  const [batchFrames, channels, height, width] = x.shape as [number, number, number, number]
  const batch = batchFrames / frames
  return tensor('float32', [batch, channels, frames, height, width], swapAxes(x.data, batch, frames, channels, height * width))
}

/** [N, a, b, run] -> [N, b, a, run] */
function swapAxes(data: Float32Array, n: number, a: number, b: number, run: number): Float32Array {
  const out = new Float32Array(data.length)
  let from = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < a; j++)
      for (let k = 0; k < b; k++) {
        out.set(data.subarray(from, from + run), ((i * b + k) * a + j) * run)
        from += run
      }
  return out
}

/** Joins tensors along axis 0. Throws ArgumentError when the other axes differ. */
export function concatBatch(parts: readonly Float[]): Float {
  const rest = parts[0]!.shape.slice(1)
  const odd = parts.find((part) => part.shape.slice(1).join() !== rest.join())
  if (odd) throw new ArgumentError(`embeddings of shapes [${parts[0]!.shape}] and [${odd.shape}] do not belong together`)
  const batch = parts.reduce((sum, part) => sum + part.shape[0]!, 0)
  const data = new Float32Array(batch * elementCount(rest))
  let offset = 0
  for (const part of parts) {
    data.set(part.data, offset)
    offset += part.data.length
  }
  return tensor('float32', [batch, ...rest], data)
}

/** [1, ...] -> [batch, ...], the same row everywhere; a batch of that size stays. Throws ArgumentError for any other. */
export function repeatBatch(x: Float, batch: number): Float {
  const rows = x.shape[0]!
  if (rows === batch) return x
  if (rows !== 1) throw new ArgumentError(`${rows} videos do not go with ${batch} prompts; give one, or one for each prompt`)
  return concatBatch(Array.from({ length: batch }, () => x))
}

/** Batch item `b` and frame `f` of [B, C, F, H, W] -> [1, C, H, W] */
export function takeFrame(x: Float, b: number, f: number): Float {
  const [, channels, frames, height, width] = x.shape as [number, number, number, number, number]
  const area = height * width
  const data = new Float32Array(channels * area)
  for (let c = 0; c < channels; c++) {
    const start = ((b * channels + c) * frames + f) * area
    data.set(x.data.subarray(start, start + area), c * area)
  }
  return tensor('float32', [1, channels, height, width], data)
}

/** The first `count` frames, [B, C, F, h, w] -> [B, C, count, h, w] */
export function firstFrames(x: Float, count: number): Float {
  const [batch, channels, frames, height, width] = x.shape as [number, number, number, number, number]
  const area = height * width
  const data = new Float32Array(batch * channels * count * area)
  for (let row = 0; row < batch * channels; row++)
    data.set(x.data.subarray(row * frames * area, (row * frames + count) * area), row * count * area)
  return tensor('float32', [batch, channels, count, height, width], data)
}

/** [B, C, K, h, w] -> [B, C, count, h, w]: the last frame stays to the end. */
export function holdLastFrame(x: Float, count: number): Float {
  const [batch, channels, frames, height, width] = x.shape as [number, number, number, number, number]
  const area = height * width
  const data = new Float32Array(batch * channels * count * area)
  for (let row = 0; row < batch * channels; row++)
    for (let frame = 0; frame < count; frame++) {
      const start = (row * frames + Math.min(frame, frames - 1)) * area
      data.set(x.data.subarray(start, start + area), (row * count + frame) * area)
    }
  return tensor('float32', [batch, channels, count, height, width], data)
}

/** A copy of `x` [B, C, F, h, w] that begins with the frames of `first` [B, C, K, h, w]. */
export function writeFirstFrames(x: Float, first: Float): Float {
  const [batch, channels, frames, height, width] = x.shape as [number, number, number, number, number]
  const [area, count] = [height * width, first.shape[2]!]
  const data = x.data.slice()
  for (let row = 0; row < batch * channels; row++)
    data.set(first.data.subarray(row * count * area, (row + 1) * count * area), row * frames * area)
  return tensor('float32', x.shape, data)
}

/** Turns the ring of frames by `shift` places: frame i of [B, C, F, h, w] goes to i + shift. */
export function rollFrames(x: Float, shift: number): Float {
  const [batch, channels, frames, height, width] = x.shape as [number, number, number, number, number]
  const size = frames * height * width
  const cut = (((shift % frames) + frames) % frames) * height * width
  if (cut === 0) return x
  const data = new Float32Array(x.data.length)
  for (let row = 0; row < batch * channels; row++) {
    const ring = x.data.subarray(row * size, (row + 1) * size)
    data.set(ring.subarray(size - cut), row * size)
    data.set(ring.subarray(0, size - cut), row * size + cut)
  }
  return tensor('float32', x.shape, data)
}

/** Decoder output [1, 3, H, W] in about [-1, 1] -> RGB in [0, 1], written into `frames` [.., H, W, 3] as its frame number `index`. */
export function writeFrame(image: Float, frames: Float, index: number): void {
  const area = image.shape[2]! * image.shape[3]!
  const out = frames.data.subarray(index * area * 3, (index + 1) * area * 3)
  for (let c = 0; c < 3; c++) {
    const plane = image.data.subarray(c * area, (c + 1) * area)
    for (let i = 0; i < area; i++) out[i * 3 + c] = Math.min(1, Math.max(0, Math.fround(plane[i]! / 2) + 0.5))
  }
}
