// A whole generation on a GPU, and the check of its fused attention that comes before. Skipped without a
// graphics driver; see models.test.ts.

import { afterAll, describe, expect, test } from 'vitest'
import { targetOf } from '../../src/pipelines/device-check.ts'
import { TextToVideoPipeline } from '../../src/pipelines/text-to-video.ts'
import { openChildEngine } from '../../src/runtime/child-engine.node.ts'
import { relativeError } from '../support/compare.ts'
import { hasWebGpu } from '../support/gpu.ts'
import { fixture } from '../support/safetensors.ts'

const MODEL = fixture('checkpoints/ms')
const engine = openChildEngine()
afterAll(() => engine.dispose())

test.each([
  [{ precision: 'float16' as const }, 'precision float16 is for GPUs'],
  [{ precision: 'int8' as const, device: 'webgpu' }, 'precision int8 is for the CPU'],
])('%o is refused', async (options, message) => {
  await expect(TextToVideoPipeline.fromPretrained(MODEL, options)).rejects.toThrow(message)
})

describe.skipIf(!(await hasWebGpu()))('on webgpu', { timeout: 300_000 }, () => {
  test.each(['float16', 'float32'] as const)('attention that is off by more than the tolerance is composed, %s', async (precision) => {
    const warnings: string[] = []
    const find = (tolerance: number) =>
      targetOf(engine, { device: 'webgpu' }, precision, {
        tolerance: { float16: tolerance, float32: tolerance },
        onWarning: (message) => warnings.push(message),
      })
    const target = find(0)
    expect(await target()).toEqual({ dtype: precision, turns: false, fusedAttention: false })
    await target() // remembered
    expect(warnings).toEqual([expect.stringMatching(/^fused attention is off by \de-\d with this webgpu driver; it is computed in steps/)])
  })

  test('a video is close to that of the CPU', async () => {
    const options = { prompt: 'Spiderman is surfing', numFrames: 2, height: 32, width: 64, numInferenceSteps: 2, seed: 1 }
    const latents = async (device: string) => {
      const pipe = await TextToVideoPipeline.fromPretrained(MODEL, { device })
      const video = await pipe.generate(options)
      await pipe.dispose()
      expect(video.frames.data.every((value) => value >= 0 && value <= 1)).toBe(true)
      return video
    }
    const [gpu, cpu] = [await latents('webgpu'), await latents('cpu')]
    expect(gpu.settings.precision).toBe('float16')
    expect(relativeError(gpu.latents, cpu.latents)).toBeLessThan(5e-2)
    expect(relativeError(gpu.frames, cpu.frames)).toBeLessThan(5e-2)
  })
})
