// Which heap the engine's process gets: the one that loads fast, or the one that gives memory back at once.

import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import type { LoadOptions } from './load.ts'
import { loadParts } from './load.ts'

async function isLean(model: string, options: LoadOptions): Promise<boolean> {
  const { engine } = await loadParts(fixture(model), options, 'text-to-video')
  onTestFinished(() => engine.dispose())
  await engine.backends()
  return readFileSync(`/proc/${engine.pid}/environ`, 'utf8').includes(`MALLOC_MMAP_THRESHOLD_=${2 ** 20}\0`)
}

describe.skipIf(process.platform !== 'linux')('the heap', () => {
  test.each<[string, string, LoadOptions, boolean]>([
    ['of float32 weights', 'checkpoints/ms', {}, false],
    ['under a memory limit', 'checkpoints/ms', { memoryLimit: '8GiB' }, true],
    ['of half weights', 'checkpoints/ms-fp16', { variant: 'fp16' }, true],
    ['with an adapter', 'checkpoints/ms', { loras: [fixture('checkpoints/ms-lora/peft')] }, true],
    ['of int8 weights', 'checkpoints/ms', { precision: 'int8' }, true],
  ])('%s', async (_, model, options, lean) => {
    expect(await isLean(model, options)).toBe(lean)
  })
})
