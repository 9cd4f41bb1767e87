// The models in half floats on a GPU, against float32 on the CPU: every graph has to run wholly on the
// device. Without a graphics driver the tests are skipped; a software one (Mesa's lavapipe) will do, and
// then it is the compiling of shaders that takes the time, so sizes are the smallest.

import { afterAll, describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../src/checkpoint/open.ts'
import {
  buildClipText,
  buildPromptContext,
  buildUNet3D,
  buildVaeDecoder,
  buildVaeEncoder,
  parseClipTextConfig,
  parseUNet3DConfig,
  parseVaeConfig,
} from '../../src/models/index.ts'
import type { Graph, Target } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { openChildEngine } from '../../src/runtime/child-engine.node.ts'
import type { SessionOptions } from '../../src/runtime/engine.ts'
import { Generator, randn } from '../../src/tensor/random.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { relativeError } from '../support/compare.ts'
import { hasWebGpu } from '../support/gpu.ts'
import { fixture } from '../support/safetensors.ts'

type Feeds = Record<string, Tensor>

const HALF: Target = { dtype: 'float16', turns: false, fusedAttention: false }
const [FRAMES, HEIGHT, WIDTH, TOKENS] = [2, 4, 8, 77]

const engine = openChildEngine()
afterAll(() => engine.dispose())
const checkpoint = await openCheckpoint(fixture('checkpoints/ms'))
const text = parseClipTextConfig(checkpoint.configs.text_encoder)
const unet = parseUNet3DConfig(checkpoint.configs.unet)
const vae = parseVaeConfig(checkpoint.configs.vae)
const generator = new Generator(1n)

async function run(graph: Graph, feeds: Feeds, options: SessionOptions = {}): Promise<Feeds> {
  const session = await engine.createSession(encodeModel(graph), options)
  const results = await session.run(feeds)
  await session.release()
  return results
}

/** Largest relative error (RMS) of the outputs on the GPU. */
async function gpuError(build: (target?: Target) => Graph, feeds: Feeds): Promise<number> {
  const expected = await run(build(), feeds)
  const actual = await run(build(HALF), feeds, { device: 'webgpu', wholly: true })
  return Math.max(...Object.entries(expected).map(([name, value]) => relativeError(actual[name]!, value)))
}

// Measured: 2.4e-3, 6.2e-4, 4.0e-3, 5.0e-3 and, for the UNet, 7.4e-3.
describe.skipIf(!(await hasWebGpu()))('in half floats on webgpu', { timeout: 300_000 }, () => {
  const context = { encoder_hidden_states: randn([2, TOKENS, unet.crossAttentionDim], generator) }
  const promptContext = (target?: Target) =>
    buildPromptContext(checkpoint.weights('unet'), unet, { batch: 2, tokens: TOKENS, ...(target && { target }) })

  test('text encoder', async () => {
    const ids = BigInt64Array.from({ length: TOKENS }, (_, i) => BigInt((i * 37) % text.vocabSize))
    const build = (target?: Target) =>
      buildClipText(checkpoint.weights('text_encoder'), text, { batch: 1, tokens: TOKENS, ...(target && { target }) })
    expect(await gpuError(build, { input_ids: tensor('int64', [1, TOKENS], ids) })).toBeLessThan(5e-3)
  })

  test('prompt context', async () => {
    expect(await gpuError(promptContext, context)).toBeLessThan(2e-3)
  })

  test('VAE decoder and encoder', async () => {
    const weights = checkpoint.weights('vae')
    const shape = { batch: 1, height: HEIGHT, width: WIDTH }
    const decode = (target?: Target) => buildVaeDecoder(weights, vae, { ...shape, ...(target && { target }) })
    const encode = (target?: Target) => buildVaeEncoder(weights, vae, { ...shape, ...(target && { target }) })
    const image = randn([1, 3, HEIGHT * vae.scaleFactor, WIDTH * vae.scaleFactor], generator)
    expect(await gpuError(decode, { latents: randn([1, vae.latentChannels, HEIGHT, WIDTH], generator) })).toBeLessThan(1e-2)
    expect(await gpuError(encode, { image })).toBeLessThan(1e-2)
  })

  test('UNet, at a timestep that half floats could not turn into angles', async () => {
    const shape = { batch: 1, guided: true, frames: FRAMES, height: HEIGHT, width: WIDTH, tokens: TOKENS }
    const build = (target?: Target) => buildUNet3D(checkpoint.weights('unet'), unet, { ...shape, ...(target && { target }) })
    const sample = randn([1, unet.inChannels, FRAMES, HEIGHT, WIDTH], generator)
    const prompt = await run(promptContext(), context)
    expect(await gpuError(build, { ...prompt, sample, timestep: tensor('float32', [1], Float32Array.of(981)) })).toBeLessThan(2e-2)
  })
})
