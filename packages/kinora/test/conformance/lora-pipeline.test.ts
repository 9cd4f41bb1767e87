// Whole generations with an adapter in the weights, in each of the forms that adapters are published in,
// against the reference's: one, four and eight steps of LCM without guidance.

import { afterAll, describe, expect, test } from 'vitest'
import { TextToVideoPipeline } from '../../src/pipelines/text-to-video.ts'
import { schedulerFromConfig } from '../../src/schedulers/index.ts'
import { relativeError } from '../support/compare.ts'
import { readJson } from '../support/json.ts'
import { fixture, readSafetensors } from '../support/safetensors.ts'

const BAR = 1e-3

interface Run {
  name: string
  scheduler: string
  scheduler_config: Record<string, unknown>
  seed: number
  timesteps: number[]
  args: { prompt: string; num_inference_steps: number; num_frames: number; guidance_scale: number }
}

const expected = readSafetensors(fixture('expected/ms-lora.safetensors'))
const { runs } = readJson<{ runs: Run[] }>('expected/ms-lora.json')

describe.each(['peft', 'diffusers', 'kohya'])('%s', (form) => {
  const pipeline = TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'), { loras: [fixture(`checkpoints/ms-lora/${form}`)] })
  afterAll(async () => (await pipeline).dispose())

  test.each(runs)('$name', async ({ name, seed, scheduler, scheduler_config: changes, timesteps, args }) => {
    const pipe = await pipeline
    pipe.scheduler = schedulerFromConfig({ ...pipe.scheduler.config, ...changes }, scheduler)
    const { latents, frames } = await pipe.generate({
      prompt: args.prompt,
      numFrames: args.num_frames,
      numInferenceSteps: args.num_inference_steps,
      guidanceScale: args.guidance_scale,
      seed,
    })
    expect(pipe.scheduler.timesteps).toEqual(timesteps)
    expect(relativeError(latents, expected.get(`run.${name}.latents`)!)).toBeLessThan(BAR)
    expect(relativeError(frames, expected.get(`run.${name}.frames`)!)).toBeLessThan(BAR)
  })

  test('the pipeline says what is in its weights', async () => {
    const { loras } = await pipeline
    expect(loras).toMatchObject([{ name: form, scale: 1, format: form, modules: 482, ranks: [4] }])
  })
})
