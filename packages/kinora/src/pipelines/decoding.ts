// From latents to frames, one frame at a time, so that memory does not grow with the length of the
// video (the reference calls this VAE slicing).

import { buildVaeDecoder } from '../models/index.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { takeFrame, writeFrame } from './latents.ts'
import { eachPicture } from './pictures.ts'
import type { Run } from './run.ts'
import { report } from './run.ts'
import { decoderTiles } from './tiling.ts'

/** latents [B, C, F, h, w] -> RGB in [0, 1], [B, F, H, W, 3] */
export async function decodeLatents(run: Run, latents: Tensor<'float32'>): Promise<Tensor<'float32'>> {
  const { vae, checkpoint } = run.files
  const { settings } = run
  const [batch, , count, height, width] = latents.shape as [number, number, number, number, number]
  const frames = tensor('float32', [batch, count, settings.height, settings.width, 3])
  const total = batch * count
  report(run, { phase: 'decoding', step: 0, total })
  const pictures = eachPicture(run, {
    slot: 'vae_decoder',
    input: 'latents',
    count: total,
    take: (index) => takeFrame(latents, Math.floor(index / count), index % count),
    height,
    width,
    tiles: decoderTiles(vae),
    build: (h, w, target) => buildVaeDecoder(checkpoint.weights('vae'), vae, { batch: 1, height: h, width: w, target }),
  })
  let index = 0
  for await (const { image } of pictures) {
    writeFrame(image!, frames, index++)
    report(run, { phase: 'decoding', step: index, total })
  }
  return frames
}
