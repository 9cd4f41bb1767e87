// Generating with int8 weights on small real checkpoints: close to float32, made once, also with an adapter.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { relativeError } from '../../test/support/compare.ts'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import type { LoadOptions } from './load.ts'
import type { Phase, TextToVideoOptions } from './options.ts'
import { TextToVideoPipeline } from './text-to-video.ts'

const CACHE = mkdtempSync(path.join(tmpdir(), 'kinora-int8-'))
process.env.KINORA_CACHE = CACHE
afterAll(() => rmSync(CACHE, { recursive: true, force: true }))

/** Weights that were never trained, and few of them in each sum, make rounding errors far larger than in a real model. */
const CLOSE = 0.08
/** Guidance would multiply the error by its scale. */
const SMALL: TextToVideoOptions = {
  prompt: 'Spiderman is surfing',
  numFrames: 3,
  numInferenceSteps: 2,
  guidanceScale: 1,
  seed: 1,
  outputType: 'latents',
}
const copies = () => readdirSync(path.join(CACHE, 'int8'))

async function generate(model: string, load: LoadOptions) {
  const pipe = await TextToVideoPipeline.fromPretrained(fixture(model), { ...load, inProcess: true })
  const phases: Phase[] = []
  try {
    const video = await pipe.generate({ ...SMALL, onProgress: ({ phase }) => void phases.push(phase) })
    return { ...video, phases }
  } finally {
    await pipe.dispose()
  }
}

describe('int8', () => {
  test('is close to float32, and quantizes once', async () => {
    const float = await generate('checkpoints/ms', {})
    const first = await generate('checkpoints/ms', { precision: 'int8' })
    const second = await generate('checkpoints/ms', { precision: 'int8' })
    expect(relativeError(first.latents, float.latents)).toBeLessThan(CLOSE)
    expect(relativeError(first.latents, float.latents)).toBeGreaterThan(1e-4)
    expect(relativeError(second.latents, first.latents)).toBe(0)
    expect(first.settings.precision).toBe('int8')
    expect(float.settings).not.toHaveProperty('precision')
    expect([float, first, second].map(({ phases }) => phases.includes('quantizing'))).toEqual([false, true, false])
  })

  test.each([
    ['odd sizes', 'checkpoints/odd', {}],
    ['half files with adapters', 'checkpoints/ms-fp16', { variant: 'fp16', loras: [fixture('checkpoints/ms-lora/peft')] }],
  ])('%s', async (_, model, load) => {
    const before = copies().length
    const float = await generate(model, load)
    const int8 = await generate(model, { ...load, precision: 'int8' })
    expect(relativeError(int8.latents, float.latents)).toBeLessThan(CLOSE)
    expect(copies()).toHaveLength(before + 1)
  })

  test('stopped while it quantizes, it leaves nothing and works the next time', async () => {
    const loras = [{ path: fixture('checkpoints/ms-lora/peft'), scale: 0.25 }]
    const before = copies()
    const pipe = await TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'), { loras, precision: 'int8' })
    const stop = new AbortController()
    const onProgress = ({ phase }: { phase: Phase }) => phase === 'quantizing' && stop.abort(new Error('enough'))
    await expect(pipe.generate({ ...SMALL, signal: stop.signal, onProgress })).rejects.toThrow('enough')
    expect(copies()).toEqual(before)
    await pipe.generate(SMALL)
    await pipe.dispose()
    expect(copies()).toHaveLength(before.length + 1)
  })

  test('is for the CPU', async () => {
    const opened = TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'), { precision: 'int8', device: 'webgpu' })
    await expect(opened).rejects.toThrow(ArgumentError)
    await expect(opened).rejects.toThrow('precision int8 is for the CPU, device is webgpu')
  })
})
