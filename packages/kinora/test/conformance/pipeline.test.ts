// Whole generations from a seed against the reference's: latents within 1e-3, frames likewise. Runs in
// the engine process, as users run it.

import { afterAll, describe, expect, test } from 'vitest'
import type { TextToVideoOptions } from '../../src/pipelines/options.ts'
import type { Video } from '../../src/pipelines/pipeline.ts'
import { TextToVideoPipeline } from '../../src/pipelines/text-to-video.ts'
import { VideoToVideoPipeline } from '../../src/pipelines/video-to-video.ts'
import { schedulerFromConfig } from '../../src/schedulers/index.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { relativeError } from '../support/compare.ts'
import { readJson } from '../support/json.ts'
import { fixture, readSafetensors } from '../support/safetensors.ts'

const BAR = 1e-3
/** Of the weights of `ms` in other files: whether those are read right shows in any run. */
const FEW = ['ddim', 'dpmpp_2m']

// euler_a was recorded for ms alone.
const RUNS = ['ddim', 'ddim_eta', 'no_guidance', 'negative', 'batch', 'size', 'clip_skip', 'dpmpp_2m', 'unipc', 'euler_a']

interface Run {
  name: string
  scheduler: string
  seed: number
  args: Record<string, never>
}

/** numInferenceSteps from num_inference_steps, and so on. */
function camelCase(args: Record<string, never>): Partial<TextToVideoOptions> {
  const pairs = Object.entries(args).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value])
  return Object.fromEntries(pairs) as Partial<TextToVideoOptions>
}

/** What `ms` gave, run by run: the same weights in PyTorch's files must give the very same numbers. */
const ofSafetensors = new Map<string, Video>()

describe.each([
  ['ms', 'ms', BAR],
  ['ms-bin', 'ms', BAR],
  ['odd', 'odd', BAR],
  ['ms-fp16', 'ms', 0.05],
])('%s', (name, expectedName, bar) => {
  const expected = readSafetensors(fixture(`expected/${expectedName}.safetensors`))
  const { runs } = readJson<{ runs: Run[] }>(`expected/${expectedName}.json`)
  const pipeline = TextToVideoPipeline.fromPretrained(fixture(`checkpoints/${name}`))
  afterAll(async () => (await pipeline).dispose())

  function check(runName: string, video: Video): void {
    for (const part of ['latents', 'frames'] as const)
      expect(relativeError(video[part], expected.get(`run.${runName}.${part}`)!), part).toBeLessThan(bar)
    if (name === 'ms') ofSafetensors.set(runName, video)
    if (name !== 'ms-bin') return
    const twin = ofSafetensors.get(runName)!
    for (const part of ['latents', 'frames'] as const) expect(video[part].data.every((value, i) => value === twin[part].data[i])).toBe(true)
  }

  const recorded = (['ms-bin', 'ms-fp16'].includes(name) ? FEW : RUNS).filter((run) => runs.some((each) => each.name === run))
  test.each(recorded)('%s', async (runName) => {
    const { seed, args, scheduler } = runs.find((run) => run.name === runName)!
    const pipe = await pipeline
    const before = pipe.scheduler
    pipe.scheduler = schedulerFromConfig({ ...before.config }, scheduler)
    const video = await pipe.generate({ ...camelCase(args), seed }).finally(() => {
      pipe.scheduler = before
    })
    check(runName, video)
    expect(video.settings.seed).toBe(seed)
  })

  test('v2v', async () => {
    const { seed, args, scheduler } = runs.find((run) => run.name === 'v2v')!
    const { video: _, ...rest } = args
    const input = expected.get('v2v.input') as Tensor<'uint8'>
    const frames = Float32Array.from(input.data, (value) => value / 255)
    const pipe = await VideoToVideoPipeline.fromPretrained(fixture(`checkpoints/${name}`))
    pipe.scheduler = schedulerFromConfig({ ...pipe.scheduler.config }, scheduler)
    const options = { ...camelCase(rest), video: tensor('float32', input.shape, frames), seed }
    const video = await pipe.generate(options)
    await pipe.dispose()
    check('v2v', video)
  })
})
