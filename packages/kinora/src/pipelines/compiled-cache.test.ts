// Generating from compiled models on disk: the same bits as without them, and nothing is compiled twice.
// compiled.test.ts has parts, damage and several processes.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import type { LoadOptions } from './load.ts'
import type { TextToVideoOptions } from './options.ts'
import { TextToVideoPipeline } from './text-to-video.ts'

const CACHE = mkdtempSync(path.join(tmpdir(), 'kinora-compiled-'))
process.env.KINORA_CACHE = CACHE
afterAll(() => rmSync(CACHE, { recursive: true, force: true }))

const SMALL: TextToVideoOptions = { prompt: 'Spiderman is surfing', numFrames: 3, numInferenceSteps: 2, seed: 1, outputType: 'latents' }
const entries = () => readdirSync(path.join(CACHE, 'compiled')).sort()

async function generate(model: string, load: LoadOptions) {
  const pipe = await TextToVideoPipeline.fromPretrained(fixture(model), { ...load, inProcess: true })
  try {
    return (await pipe.generate(SMALL)).latents
  } finally {
    await pipe.dispose()
  }
}

describe('compiledCache', () => {
  test('gives the same bits, from half files with adapters', async () => {
    const load = { variant: 'fp16', loras: [fixture('checkpoints/ms-lora/peft')] }
    const plain = await generate('checkpoints/ms-fp16', load)
    expect(await generate('checkpoints/ms-fp16', { ...load, compiledCache: true })).toEqual(plain)
    const made = entries()
    expect(await generate('checkpoints/ms-fp16', { ...load, compiledCache: true })).toEqual(plain)
    expect(entries()).toEqual(made)
  })

  test('is refused where it means nothing', async () => {
    await expect(generate('checkpoints/ms', { compiledCache: '' })).rejects.toThrow(ArgumentError)
    await expect(generate('checkpoints/ms', { compiledCache: true, device: 'cuda' })).rejects.toThrow('compiledCache is for the CPU')
  })
})
