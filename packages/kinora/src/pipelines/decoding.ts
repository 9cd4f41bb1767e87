// From latents to frames, one frame at a time, so that memory does not grow with the length of the
// video (the reference calls this VAE slicing).

import { buildVaeDecoder } from '../models/index.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { takeFrame, writeFrame } from './latents.ts'
import type { Run } from './run.ts'
import { report } from './run.ts'

/** latents [B, C, F, h, w] -> RGB in [0, 1], [B, F, H, W, 3] */
export async function decodeLatents(run: Run, latents: Tensor<'float32'>): Promise<Tensor<'float32'>> {
  const { files, sessions, options, settings } = run
  const [batch, , count, height, width] = latents.shape as [number, number, number, number, number]
  const frames = tensor('float32', [batch, count, settings.height, settings.width, 3])
  const total = batch * count
  report(run, { phase: 'decoding', step: 0, total })
  const build = () => buildVaeDecoder(files.checkpoint.weights('vae'), files.vae, { batch: 1, height, width })
  const session = await sessions.get('vae_decoder', `${height}x${width}`, build, options.signal)
  for (let index = 0; index < total; index++) {
    const frame = takeFrame(latents, Math.floor(index / count), index % count)
    const { image } = await session.run({ latents: frame }, options.signal)
    writeFrame(image as Tensor<'float32'>, frames, index)
    report(run, { phase: 'decoding', step: index + 1, total })
  }
  await sessions.done('vae_decoder')
  return frames
}
