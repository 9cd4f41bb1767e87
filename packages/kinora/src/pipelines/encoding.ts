// From frames to latents, one frame at a time: the way into video to video, and into a video that is
// continued. Sampling draws its noise at once for all frames, as the reference does.

import { buildVaeEncoder } from '../models/index.ts'
import type { Generator } from '../tensor/random.ts'
import { randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { elementCount, tensor } from '../tensor/tensor.ts'
import { batchToFrames, takeFrame } from './latents.ts'
import { eachPicture } from './pictures.ts'
import type { Run } from './run.ts'
import { report } from './run.ts'
import { encoderTiles } from './tiling.ts'

type Float = Tensor<'float32'>

const f = Math.fround
/** Bounds of the log-variance, as in diffusers' DiagonalGaussianDistribution. */
const [MIN_LOGVAR, MAX_LOGVAR] = [-30, 20]

/**
 * frames [B, C, F, H, W] in [-1, 1] -> scaled latents [B, latent channels, F, h, w], sampled with the generator or, without one,
 * the distribution's mean.
 */
export async function encodeFrames(run: Run, frames: Float, generator?: Generator): Promise<Float> {
  const { vae, checkpoint } = run.files
  const [batch, , count, fullHeight, fullWidth] = frames.shape as [number, number, number, number, number]
  const [height, width] = [fullHeight / vae.scaleFactor, fullWidth / vae.scaleFactor]
  const total = batch * count
  report(run, { phase: 'encoding frames', step: 0, total })
  const latents = tensor('float32', [total, vae.latentChannels, height, width])
  const size = elementCount(latents.shape.slice(1))
  const noise = generator && randn(latents.shape, generator).data
  const pictures = eachPicture(run, {
    slot: 'vae_encoder',
    input: 'image',
    count: total,
    take: (index) => takeFrame(frames, Math.floor(index / count), index % count),
    height: fullHeight,
    width: fullWidth,
    tiles: encoderTiles(vae),
    build: (h, w, target) =>
      buildVaeEncoder(checkpoint.weights('vae'), vae, { batch: 1, height: h / vae.scaleFactor, width: w / vae.scaleFactor, target }),
  })
  let index = 0
  for await (const { mean, logvar } of pictures) {
    const [start, end] = [index * size, ++index * size]
    sample(mean!, logvar!, noise?.subarray(start, end), vae.scalingFactor, latents.data.subarray(start, end))
    report(run, { phase: 'encoding frames', step: index, total })
  }
  return batchToFrames(latents, count)
}

/** scale * (mean + std * noise) into `out`; without noise the mean. */
function sample(mean: Float, logvar: Float, noise: Float32Array | undefined, scale: number, out: Float32Array): void {
  const factor = f(scale)
  for (let i = 0; i < out.length; i++) {
    const deviation = noise && f(Math.exp(f(0.5 * Math.min(Math.max(logvar.data[i]!, MIN_LOGVAR), MAX_LOGVAR))))
    const value = deviation === undefined ? mean.data[i]! : f(mean.data[i]! + f(deviation * noise![i]!))
    out[i] = factor * value
  }
}
