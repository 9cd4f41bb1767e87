// `bench vae`: the autoencoder's decoder over a clip's latents, a step a frame, as pipelines/decoding.ts
// and the reference's VAE slicing do it. The frames that are compared are RGB in [0, 1].

import { decodeLatents } from '../packages/kinora/src/pipelines/decoding.ts'
import { takeFrame } from '../packages/kinora/src/pipelines/latents.ts'
import type { ModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import { Generator, randn } from '../packages/kinora/src/tensor/random.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import type { Benchmark } from './benchmark.ts'
import { shapesOf, totalFlops, vaeDecoderFlops } from './flops.ts'
import type { BenchOptions } from './options.ts'

export function vaeBenchmark(options: BenchOptions, { vae, checkpoint }: ModelFiles): Benchmark {
  const { frames } = options
  const [height, width] = [options.height / vae.scaleFactor, options.width / vae.scaleFactor]
  const latents = randn([1, vae.latentChannels, frames, height, width], new Generator(0))
  return {
    title: `VAE decode of ${frames} frames of ${options.height}x${options.width}`,
    unit: 'frame',
    flops: totalFlops(vaeDecoderFlops(shapesOf(checkpoint.weights('vae')), { height, width })),
    steps: frames,
    distinct: frames,
    part: 'vae',
    inputs: { latents },
    prepare: (bench) => {
      const { files, sessions } = bench.parts
      const settings = bench.resolve({ prompt: '', numFrames: 1, height: options.height, width: options.width })
      const run = { files, sessions, scheduler: bench.scheduler, options: {}, settings, warn: () => {} }
      return async (index) => {
        const frame = takeFrame(latents, 0, index)
        const [batch, channels, ...area] = frame.shape as [number, number, number, number]
        return (await decodeLatents(run, tensor('float32', [batch, channels, 1, ...area], frame.data))).data
      }
    },
  }
}
