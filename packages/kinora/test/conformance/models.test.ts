// The models against what PyTorch and diffusers compute for the same small checkpoints: text encoder,
// every UNet case, every block inside one of them, the autoencoder both ways. Bar: 1e-4 of the
// output's standard deviation. Half-precision weights are compared with float32 results more loosely.

import { afterAll, describe, expect, test } from 'vitest'
import type { Checkpoint, Component } from '../../src/checkpoint/checkpoint.ts'
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
import type { Graph } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { openLocalEngine } from '../../src/runtime/local-engine.node.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { maxErrorInDeviations } from '../support/compare.ts'
import { readJson } from '../support/json.ts'
import { fixture, readSafetensors } from '../support/safetensors.ts'

const BAR = 1e-4

interface UNetCase {
  sample: string
  encoder_hidden_states: string
  timestep: number[]
  output: string
  trace: Record<string, string>
}

const engine = openLocalEngine()
afterAll(() => engine.dispose())

async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await engine.createSession(encodeModel(graph))
  const results = await session.run(feeds)
  await session.release()
  return results
}

function reshaped(value: Tensor, shape: readonly number[]): Tensor {
  return { ...value, shape }
}

async function runUNet(checkpoint: Checkpoint, sample: Tensor, timestep: number[], context: Tensor, taps: string[]) {
  const weights = checkpoint.weights('unet')
  const config = parseUNet3DConfig(checkpoint.configs.unet)
  const [batch, , frames, height, width] = sample.shape as [number, number, number, number, number]
  const tokens = context.shape[1]!
  const prompt = await run(buildPromptContext(weights, config, { batch, tokens }), { encoder_hidden_states: context })
  const graph = buildUNet3D(weights, config, { batch, frames, height, width, tokens })
  weights.assertAllUsed()
  for (const path of taps) graph.output(`tap ${path}`, graph.taps.get(path)!)
  const times = Float32Array.from({ length: batch }, (_, i) => timestep[i] ?? timestep[0]!)
  return run(graph, { sample, timestep: tensor('float32', [batch], times), ...prompt })
}

describe.each([
  ['ms', 'ms', BAR],
  ['odd', 'odd', BAR],
  ['ms-fp16', 'ms', 0.02],
])('%s', (name, expectedName, bar) => {
  const expected = readSafetensors(fixture(`expected/${expectedName}.safetensors`))
  const meta = readJson<{ input_ids: number[][]; unet: UNetCase[] }>(`expected/${expectedName}.json`)
  const want = (key: string) => expected.get(key)!
  const checkpoint = openCheckpoint(fixture(`checkpoints/${name}`))
  const weights = async (component: Component) => (await checkpoint).weights(component)

  test.each([0, 1])('text encoder, clip skip %i', async (clipSkip) => {
    const config = parseClipTextConfig((await checkpoint).configs.text_encoder)
    const [batch, tokens] = [meta.input_ids.length, meta.input_ids[0]!.length]
    const w = await weights('text_encoder')
    const graph = buildClipText(w, config, { batch, tokens, clipSkip })
    w.assertAllUsed()
    const ids = tensor('int64', [batch, tokens], BigInt64Array.from(meta.input_ids.flat(), BigInt))
    const { last_hidden_state } = await run(graph, { input_ids: ids })
    const key = clipSkip === 0 ? 'text.last_hidden_state' : 'text.clip_skip_1'
    expect(maxErrorInDeviations(last_hidden_state!, want(key))).toBeLessThan(bar)
  })

  test.each(meta.unet.map((unetCase, i) => [i, unetCase] as const))('UNet case %i', async (_, unetCase) => {
    const taps = Object.keys(unetCase.trace)
    const results = await runUNet(await checkpoint, want(unetCase.sample), unetCase.timestep, want(unetCase.encoder_hidden_states), taps)
    for (const path of taps) {
      const trace = want(unetCase.trace[path]!)
      expect(maxErrorInDeviations(reshaped(results[`tap ${path}`]!, trace.shape), trace), path).toBeLessThan(bar)
    }
    expect(maxErrorInDeviations(results.out_sample!, want(unetCase.output))).toBeLessThan(bar)
  })

  test('autoencoder, both ways', async () => {
    const config = parseVaeConfig((await checkpoint).configs.vae)
    const w = await weights('vae')
    const latents = want('vae.decode.latents')
    const [batch, , height, width] = latents.shape as [number, number, number, number]
    const decoder = buildVaeDecoder(w, config, { batch, height, width }, false)
    const encoder = buildVaeEncoder(w, config, { batch, height, width })
    w.assertAllUsed()
    const decoded = await run(decoder, { latents })
    expect(maxErrorInDeviations(decoded.image!, want('vae.decode.image'))).toBeLessThan(bar)
    const encoded = await run(encoder, { image: want('vae.encode.image') })
    expect(maxErrorInDeviations(encoded.mean!, want('vae.encode.mean'))).toBeLessThan(bar)
    expect(maxErrorInDeviations(encoded.logvar!, want('vae.encode.logvar'))).toBeLessThan(bar)
  })
})
