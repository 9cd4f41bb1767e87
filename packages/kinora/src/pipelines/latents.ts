// The few tensor operations between the models: frames into the batch axis and back, guidance,
// joining a batch, and pixels out of the decoder. Everything else happens inside a graph.

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

/** Classifier-free guidance on a doubled batch [2B, ...], unconditional half first: u + scale * (c - u) -> [B, ...] */
export function guide(prediction: Float, scale: number): Float {
  const half = prediction.data.length / 2
  const out = new Float32Array(half)
  const factor = Math.fround(scale)
  for (let i = 0; i < half; i++) {
    const unconditional = prediction.data[i]!
    out[i] = unconditional + Math.fround(factor * Math.fround(prediction.data[half + i]! - unconditional))
  }
  return tensor('float32', [prediction.shape[0]! / 2, ...prediction.shape.slice(1)], out)
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

/** Latents of one frame, batch item `b` and frame `f` of [B, C, F, h, w] -> [1, C, h, w] */
export function frameLatents(latents: Float, b: number, f: number): Float {
  const [, channels, frames, height, width] = latents.shape as [number, number, number, number, number]
  const area = height * width
  const data = new Float32Array(channels * area)
  for (let c = 0; c < channels; c++) {
    const start = ((b * channels + c) * frames + f) * area
    data.set(latents.data.subarray(start, start + area), c * area)
  }
  return tensor('float32', [1, channels, height, width], data)
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
