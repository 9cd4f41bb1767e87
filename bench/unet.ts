// `bench unet`: steps of the full-size UNet with guidance. The prompt's keys and values are computed
// once, as in a generation; the guidance pair shares its latents and differs in the prompt.

import { buildPromptContext, buildUNet3D, parseUNet3DConfig } from '../packages/kinora/src/models/index.ts'
import { Generator, randn } from '../packages/kinora/src/tensor/random.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import type { Benchmark, BenchOptions } from './benchmark.ts'
import { totalFlops, unetFlops } from './flops.ts'
import { fullSizeShapes, UNET_CONFIG } from './full-size.ts'

const BATCH = 2
/** Of a CLIP prompt. */
const TOKENS = 77
const TIMESTEP = 981

export function unetBenchmark({ frames, height, width }: BenchOptions): Benchmark {
  const size = { batch: BATCH, frames, height: height / 8, width: width / 8, tokens: TOKENS }
  const inputs = drawInputs(size)
  return {
    title: `UNet step with guidance, ${frames}x${height}x${width}`,
    unit: 'step',
    flops: totalFlops(unetFlops(fullSizeShapes('unet'), size)),
    steps: 5,
    distinct: 1,
    part: 'unet',
    inputs,
    async prepare({ checkpoint, load }) {
      const config = parseUNet3DConfig(checkpoint.configs.unet)
      const weights = checkpoint.weights('unet')
      const { sample, timestep, encoder_hidden_states } = inputs
      const context = await load(buildPromptContext(weights, config, size))
      const prompt = await context.run({ encoder_hidden_states })
      await context.release()
      const unet = await load(buildUNet3D(weights, config, size))
      await unet.hold(prompt)
      return async () => (await unet.run({ sample, timestep })).out_sample?.data as Float32Array
    },
  }
}

function drawInputs({ frames, height, width }: { frames: number; height: number; width: number }) {
  const generator = new Generator(0)
  const latents = randn([1, UNET_CONFIG.in_channels, frames, height, width], generator)
  const sample = new Float32Array(BATCH * latents.data.length)
  for (let row = 0; row < BATCH; row++) sample.set(latents.data, row * latents.data.length)
  return {
    sample: tensor('float32', [BATCH, ...latents.shape.slice(1)], sample),
    timestep: tensor('float32', [BATCH], new Float32Array(BATCH).fill(TIMESTEP)),
    encoder_hidden_states: randn([BATCH, TOKENS, UNET_CONFIG.cross_attention_dim], generator),
  }
}
