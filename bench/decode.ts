// `bench decode`: the full-size autoencoder's decoder over a clip's latents, a step a frame, as
// pipelines/decoding.ts and the reference's VAE slicing do it. Pixels are left as the decoder makes them.

import { buildVaeDecoder, parseVaeConfig } from '../packages/kinora/src/models/index.ts'
import { takeFrame } from '../packages/kinora/src/pipelines/latents.ts'
import { Generator, randn } from '../packages/kinora/src/tensor/random.ts'
import type { Benchmark, BenchOptions } from './benchmark.ts'
import { totalFlops, vaeDecoderFlops } from './flops.ts'
import { fullSizeShapes, VAE_CONFIG } from './full-size.ts'

export function decodeBenchmark(options: BenchOptions): Benchmark {
  const { frames } = options
  const [height, width] = [options.height / 8, options.width / 8]
  const latents = randn([1, VAE_CONFIG.latent_channels, frames, height, width], new Generator(0))
  return {
    title: `VAE decode of ${frames} frames of ${options.height}x${options.width}`,
    unit: 'frame',
    flops: totalFlops(vaeDecoderFlops(fullSizeShapes('vae'), { height, width })),
    steps: frames,
    distinct: frames,
    part: 'vae',
    inputs: { latents },
    async prepare({ checkpoint, load }) {
      const config = parseVaeConfig(checkpoint.configs.vae)
      const decoder = await load(buildVaeDecoder(checkpoint.weights('vae'), config, { batch: 1, height, width }))
      return async (index) => (await decoder.run({ latents: takeFrame(latents, 0, index) })).image?.data as Float32Array
    },
  }
}
