// Whole generations from a seed against the reference's: latents within 1e-3, frames likewise. Runs in
// the engine process, as users run it.

import { afterAll, describe, expect, test } from 'vitest'
import type { GenerateOptions } from '../../src/pipelines/options.ts'
import { TextToVideoPipeline } from '../../src/pipelines/text-to-video.ts'
import { schedulerFromConfig } from '../../src/schedulers/index.ts'
import { relativeError } from '../support/compare.ts'
import { readJson } from '../support/json.ts'
import { fixture, readSafetensors } from '../support/safetensors.ts'

const BAR = 1e-3
const RUNS = ['ddim', 'ddim_eta', 'no_guidance', 'negative', 'batch', 'size', 'clip_skip', 'dpmpp_2m']

interface Run {
  name: string
  scheduler: string
  seed: number
  args: Record<string, never>
}

/** numInferenceSteps from num_inference_steps, and so on. */
function camelCase(args: Record<string, never>): Partial<GenerateOptions> {
  const pairs = Object.entries(args).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value])
  return Object.fromEntries(pairs) as Partial<GenerateOptions>
}

describe.each([
  ['ms', 'ms', BAR],
  ['odd', 'odd', BAR],
  ['ms-fp16', 'ms', 0.05],
])('%s', (name, expectedName, bar) => {
  const expected = readSafetensors(fixture(`expected/${expectedName}.safetensors`))
  const { runs } = readJson<{ runs: Run[] }>(`expected/${expectedName}.json`)
  const pipeline = TextToVideoPipeline.fromPretrained(fixture(`checkpoints/${name}`))
  afterAll(async () => (await pipeline).dispose())

  test.each(RUNS)('%s', async (runName) => {
    const { seed, args, scheduler } = runs.find((run) => run.name === runName)!
    const pipe = await pipeline
    const before = pipe.scheduler
    pipe.scheduler = schedulerFromConfig({ ...before.config }, scheduler)
    const video = await pipe.generate({ ...camelCase(args), seed }).finally(() => {
      pipe.scheduler = before
    })
    expect(relativeError(video.latents, expected.get(`run.${runName}.latents`)!)).toBeLessThan(bar)
    expect(relativeError(video.frames, expected.get(`run.${runName}.frames`)!)).toBeLessThan(bar)
    expect(video.settings.seed).toBe(seed)
  })
})
