// `bench unet`: steps of the denoising loop, always from the same latents. The prompt's keys and values
// are computed once, as in a generation; with guidance both halves share the latents. A step is a UNet
// forward, guidance and the scheduler; the outputs that are compared are the UNet's.

import type { ModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import { DDIMScheduler } from '../packages/kinora/src/schedulers/index.ts'
import { Generator, randn } from '../packages/kinora/src/tensor/random.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import type { Benchmark } from './benchmark.ts'
import { shapesOf, totalFlops, unetFlops } from './flops.ts'
import type { ObservedPipeline } from './observed.ts'
import type { BenchOptions } from './options.ts'

/** Of a CLIP prompt. */
const TOKENS = 77
/** More than any run takes, so that no timestep is the last. */
const SCHEDULE = 1000

export function unetBenchmark({ frames, height, width, guidance }: BenchOptions, { unet, vae, checkpoint }: ModelFiles): Benchmark {
  const batch = guidance > 1 ? 2 : 1
  const size = { batch, frames, height: height / vae.scaleFactor, width: width / vae.scaleFactor, tokens: TOKENS }
  const generator = new Generator(0)
  const latents = randn([1, unet.inChannels, frames, size.height, size.width], generator)
  const embeds = Array.from({ length: batch }, () => randn([1, TOKENS, unet.crossAttentionDim], generator))
  const scheduler = DDIMScheduler.fromConfig({})
  scheduler.setTimesteps(SCHEDULE)
  const inputs = {
    sample: repeated(latents, batch),
    timestep: tensor('float32', [batch], new Float32Array(batch).fill(scheduler.timesteps[0]!)),
    encoder_hidden_states: joined(embeds),
  }
  return {
    title: `UNet step with${batch === 2 ? '' : 'out'} guidance, ${frames}x${height}x${width}`,
    unit: 'step',
    flops: totalFlops(unetFlops(shapesOf(checkpoint.weights('unet')), size)),
    steps: 5,
    distinct: 1,
    part: 'unet',
    inputs,
    prepare: (bench) => {
      bench.scheduler = scheduler
      const prompts = batch === 2 ? { negativePromptEmbeds: embeds[0]!, promptEmbeds: embeds[1]! } : { promptEmbeds: embeds[0]! }
      const sampling = { guidanceScale: guidance, numInferenceSteps: SCHEDULE }
      return unetSteps(bench, { latents, ...prompts, ...sampling, callbackOnStepEnd: () => latents })
    },
  }
}

/** The output of the first step is the one to compare: later ones have another timestep. */
function unetSteps(bench: ObservedPipeline, options: Parameters<ObservedPipeline['denoise']>[0]): () => Promise<Float32Array> {
  const steps = bench.denoise(options)
  let first: Float32Array | undefined
  return async () => {
    await steps.next()
    first ??= bench.outputs.get('unet')?.out_sample?.data as Float32Array
    return first
  }
}

type Float = ReturnType<typeof randn>

function repeated(x: Float, batch: number): Float {
  return joined(Array.from({ length: batch }, () => x))
}

/** [1, ...] each -> [B, ...] */
function joined(parts: readonly Float[]): Float {
  const data = new Float32Array(parts.length * parts[0]!.data.length)
  for (const [row, part] of parts.entries()) data.set(part.data, row * part.data.length)
  return tensor('float32', [parts.length, ...parts[0]!.shape.slice(1)], data)
}
