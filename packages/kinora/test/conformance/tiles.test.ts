// Tiled encoding and decoding against diffusers' AutoencoderKL with enable_tiling(), for pictures that
// take tiles of several shapes. Bar: 1e-4 of the output's standard deviation.

import { afterAll, describe, expect, test } from 'vitest'
import { decodeLatents } from '../../src/pipelines/decoding.ts'
import { encodeFrames } from '../../src/pipelines/encoding.ts'
import { loadParts } from '../../src/pipelines/load.ts'
import type { Run } from '../../src/pipelines/run.ts'
import { resolveSettings } from '../../src/pipelines/settings.ts'
import { decodeFloat16 } from '../../src/tensor/half.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { maxErrorInDeviations } from '../support/compare.ts'
import { expectTensor, fixture, readSafetensors } from '../support/safetensors.ts'

const BAR = 1e-4
const expected = readSafetensors(fixture('expected/tiles.safetensors'))

describe.each(['ms', 'odd'])('%s', (name) => {
  const opened = loadParts(fixture(`checkpoints/${name}`), {}, 'text-to-video')
  afterAll(async () => (await opened).engine.dispose())
  const want = (key: string) => expectTensor(expected, `${name}.${key}`, 'float32')

  async function runOf(vaeTiling: boolean): Promise<Run> {
    const parts = await opened
    const { vae } = parts.files
    const [, , height, width] = want('latents').shape.map((size) => size * vae.scaleFactor) as [number, number, number, number]
    const limits = { scaleFactor: vae.scaleFactor, latentChannels: vae.latentChannels, textLayers: 2, upLayers: 2 }
    const options = { prompt: '', vaeTiling }
    const settings = resolveSettings(options, { height, width, numFrames: 1 }, limits, parts.defaults, '')
    return { ...parts, options, settings, warn: () => {} }
  }

  test('decodes', async () => {
    const run = await runOf(true)
    const [latents, image] = [want('latents'), want('decoded')]
    const scaled = latents.data.map((value) => value * run.files.vae.scalingFactor)
    const frames = await decodeLatents(run, tensor('float32', insertFrames(latents), scaled))
    const rgb = tensor('float32', frames.shape)
    const area = image.shape[2]! * image.shape[3]!
    for (let i = 0; i < rgb.data.length; i++)
      rgb.data[i] = Math.min(1, Math.max(0, image.data[(i % 3) * area + Math.floor(i / 3)]! / 2 + 0.5))
    expect(maxErrorInDeviations(frames, rgb)).toBeLessThan(BAR)
    const whole = await decodeLatents(await runOf(false), tensor('float32', insertFrames(latents), scaled))
    expect(maxErrorInDeviations(whole, rgb)).toBeGreaterThan(BAR)
  })

  test('encodes', async () => {
    const run = await runOf(true)
    const [image, mean] = [expected.get(`${name}.image`)!, want('mean')]
    const pixels = tensor('float32', insertFrames(image), decodeFloat16(image.data as Uint16Array))
    const latents = await encodeFrames(run, pixels)
    const scaled = tensor(
      'float32',
      insertFrames(mean),
      mean.data.map((value) => value * run.files.vae.scalingFactor),
    )
    expect(maxErrorInDeviations(latents, scaled)).toBeLessThan(BAR)
  })
})

/** [B, C, H, W] -> [B, C, 1, H, W] */
function insertFrames({ shape }: Tensor): number[] {
  return shape.toSpliced(2, 0, 1)
}
