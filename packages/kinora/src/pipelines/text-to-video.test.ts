// The pipeline as a caller meets it, on a small real checkpoint: options and their errors, warnings,
// progress, cancelling at any stage, crashes, and several calls at once. Numbers are compared with the
// reference's in test/conformance.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError, EngineError } from '../errors.ts'
import { tensor } from '../tensor/tensor.ts'
import type { Phase, Progress, TextToVideoOptions } from './options.ts'
import { TextToVideoPipeline } from './text-to-video.ts'

const SMALL: TextToVideoOptions = { prompt: 'Spiderman is surfing', numFrames: 2, numInferenceSteps: 3, seed: 1 }
const pipe = await TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'))
afterAll(() => pipe.dispose())

describe('options', () => {
  test.each<[Partial<TextToVideoOptions>, RegExp]>([
    [{ numFrames: 0 }, /numFrames is 0; it must be a whole number from 1/],
    [{ numInferenceSteps: 0 }, /numInferenceSteps is 0/],
    [{ numInferenceSteps: 2.5 }, /numInferenceSteps is 2.5/],
    [{ width: 100, height: 100 }, /height is 100; it must be a multiple of 8 up to 8192, for example 96 or 104/],
    [{ width: -8 }, /width is -8; .* for example 8 or 16/],
    [{ seed: -2 }, /seed is -2; .* -1 for a random one/],
    [{ seed: 2n ** 64n }, /seed is 18446744073709551616/],
    [{ seed: 2 ** 60 }, /a bigint above/],
    [{ seed: 0.5 }, /seed is 0.5/],
    [{ guidanceScale: Number.NaN }, /guidanceScale is NaN/],
    [{ eta: 2 }, /eta is 2; it must be between 0 and 1/],
    [{ clipSkip: 4 }, /clipSkip is 4; this text encoder allows 0 to 3/],
    [{ prompt: 'a'.repeat(10_001) }, /a prompt has 10001 characters, at most 10000 are read/],
    [{ negativePrompt: 'a'.repeat(10_001) }, /a prompt has 10001 characters/],
    [{ prompt: [] }, /prompt must be a string or a list/],
    [{ negativePrompt: ['a', 'b', 'c'] }, /negativePrompt has 3 texts for 1 prompts/],
    [{ promptEmbeds: tensor('float32', [1, 77, 16]) }, /either prompt or promptEmbeds/],
    [
      { latents: tensor('float32', [1, 4, 3, 8, 8]), numFrames: 2 },
      /latents have the shape \[1, 4, 3, 8, 8\], these settings need \[1, 4, 2, 8, 8\]/,
    ],
  ])('%o is refused', async (options, message) => {
    const generated = pipe.generate({ ...SMALL, ...options })
    await expect(generated).rejects.toThrow(ArgumentError)
    await expect(generated).rejects.toThrow(message)
  })

  test('no prompt at all is refused', async () => {
    await expect(pipe.generate({})).rejects.toThrow('give a prompt')
  })

  test('defaults are the reference’s', () => {
    expect(pipe.resolve({ prompt: 'a', seed: 3 })).toEqual({
      prompt: ['a'],
      negativePrompt: [''],
      height: 64,
      width: 64,
      numFrames: 16,
      numInferenceSteps: 50,
      guidanceScale: 9,
      eta: 0,
      seed: 3,
      scheduler: 'DDIMScheduler',
      clipSkip: 0,
    })
  })

  test('a random seed is reported, and gives the same video again', async () => {
    const first = await pipe.generate({ ...SMALL, seed: -1 })
    const again = await pipe.generate({ ...SMALL, seed: BigInt(first.settings.seed) })
    expect(first.settings.seed).toBeGreaterThanOrEqual(0)
    expect(again.latents).toEqual(first.latents)
  })

  test('a seed beyond 2^53 is kept exactly', async () => {
    const { settings } = await pipe.generate({ ...SMALL, numInferenceSteps: 1, outputType: 'latents', seed: 2n ** 64n - 1n })
    expect(settings.seed).toBe('18446744073709551615')
  })

  test('given latents and embeddings take the place of seed and prompt', async () => {
    const drawn = await pipe.generate({ ...SMALL, outputType: 'latents' })
    expect(drawn.frames.data.length).toBe(0)
    const latents = tensor('float32', [1, 4, 2, 8, 8])
    const flat = await pipe.generate({ ...SMALL, latents, outputType: 'latents' })
    expect(flat.latents).not.toEqual(drawn.latents)
    const embeds = { promptEmbeds: tensor('float32', [1, 77, 16]), negativePromptEmbeds: tensor('float32', [1, 77, 16]) }
    const { prompt: _, ...rest } = SMALL
    const same = await pipe.generate({ ...rest, ...embeds, guidanceScale: 3, outputType: 'latents' })
    const unguided = await pipe.generate({ ...rest, promptEmbeds: embeds.promptEmbeds, guidanceScale: 1, outputType: 'latents' })
    // With equal halves guidance changes nothing.
    for (const [i, value] of same.latents.data.entries()) expect(value).toBeCloseTo(unguided.latents.data[i]!, 4)
  })

  test('embeddings of another model are refused', async () => {
    const { prompt: _, ...rest } = SMALL
    await expect(pipe.generate({ ...rest, promptEmbeds: tensor('float32', [1, 77, 20]) })).rejects.toThrow(/must have one shape|attends to/)
  })
})

test('warnings say what was cut off and what is not English', async () => {
  const { warnings } = await pipe.generate({
    ...SMALL,
    prompt: `${'surfing '.repeat(90)}the end`,
    numInferenceSteps: 1,
    outputType: 'latents',
  })
  expect(warnings.join()).toMatch(/longer than the model's 77 tokens; ignored: ".*the end"/)
  const chinese = await pipe.generate({ ...SMALL, prompt: '两只黄鹂鸣翠柳', numInferenceSteps: 1, outputType: 'latents' })
  expect(chinese.warnings.join()).toMatch(/mostly not English/)
})

test('progress names every phase and never goes back', async () => {
  const seen: Progress[] = []
  await pipe.generate({ ...SMALL, numFrames: 3, onProgress: (progress) => seen.push(progress) })
  const phases = [...new Set(seen.map(({ phase }) => phase))]
  expect(phases).toEqual(['encoding prompt', 'loading', 'denoising', 'decoding'])
  for (const phase of phases) {
    const steps = seen.filter((progress) => progress.phase === phase).map(({ step }) => step)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  }
  expect(seen.filter(({ phase }) => phase === 'denoising').at(-1)).toEqual({ phase: 'denoising', step: 3, total: 3 })
})

describe('denoise()', () => {
  test('yields every step, the last one being what generate() returns', async () => {
    const steps = []
    for await (const { step, total, timestep, latents } of pipe.denoise(SMALL)) steps.push({ step, total, timestep, latents })
    expect(steps.map(({ step, total, timestep }) => [step, total, timestep])).toEqual([
      [1, 3, 667],
      [2, 3, 334],
      [3, 3, 1],
    ])
    const { latents } = await pipe.generate({ ...SMALL, outputType: 'latents' })
    expect(steps.at(-1)!.latents).toEqual(latents)
  })

  test('may be left early; the pipeline goes on', async () => {
    for await (const { step } of pipe.denoise(SMALL)) if (step === 1) break
    expect((await pipe.generate(SMALL)).frames.shape).toEqual([1, 2, 64, 64, 3])
  })
})

describe('cancelling', () => {
  const SLOW: TextToVideoOptions = { ...SMALL, numFrames: 24, height: 256, width: 256, numInferenceSteps: 30 }

  async function cancelIn(phase: Phase, delay: number, options: TextToVideoOptions): Promise<number> {
    const controller = new AbortController()
    let begin = 0
    const onProgress = (progress: Progress) => {
      if (progress.phase !== phase || begin !== 0) return
      begin = Number.POSITIVE_INFINITY
      void sleep(delay).then(() => {
        begin = performance.now()
        controller.abort(new Error('cancelled'))
      })
    }
    await expect(pipe.generate({ ...options, signal: controller.signal, onProgress })).rejects.toThrow('cancelled')
    return performance.now() - begin
  }

  test.each<[Phase, number]>([
    ['encoding prompt', 0],
    ['loading', 50],
    ['denoising', 200],
  ])('while %s: within a second, and the next generation works', async (phase, delay) => {
    await pipe.dispose() // so that there is something to load
    expect(await cancelIn(phase, delay, SLOW)).toBeLessThan(1000)
    expect(pipe.enginePid).toBeUndefined()
    expect((await pipe.generate(SMALL)).frames.data.length).toBe(2 * 64 * 64 * 3)
  })

  test('while decoding', async () => {
    expect(await cancelIn('decoding', 20, { ...SLOW, numInferenceSteps: 1, numFrames: 48 })).toBeLessThan(1000)
  })

  test('a call that waits for another leaves at once, and those behind it still wait', async () => {
    const controller = new AbortController()
    const order: string[] = []
    const first = pipe.generate({ ...SMALL, numFrames: 8, numInferenceSteps: 6 }).then(() => order.push('first'))
    const second = pipe.generate({ ...SMALL, signal: controller.signal }).catch((error: Error) => order.push(error.message))
    const third = pipe.generate(SMALL).then(() => order.push('third'))
    controller.abort(new Error('second cancelled'))
    await Promise.all([first, second, third])
    expect(order).toEqual(['second cancelled', 'first', 'third'])
  })
})

test('a crash of the engine process is an EngineError, and the next generation works', async () => {
  const crashed = pipe.generate({
    ...SMALL,
    numFrames: 8,
    numInferenceSteps: 50,
    onProgress: ({ step, phase }) => {
      if (phase === 'denoising' && step === 2) process.kill(pipe.enginePid!, 'SIGSEGV')
    },
  })
  await expect(crashed).rejects.toThrow(EngineError)
  expect((await pipe.generate(SMALL)).frames.shape).toEqual([1, 2, 64, 64, 3])
})

test('calls at the same time take turns and do not mix', async () => {
  const alone = await pipe.generate({ ...SMALL, seed: 5, outputType: 'latents' })
  const [a, b] = await Promise.all([
    pipe.generate({ ...SMALL, seed: 4, outputType: 'latents' }),
    pipe.generate({ ...SMALL, seed: 5, outputType: 'latents' }),
  ])
  expect(b.latents).toEqual(alone.latents)
  expect(a.latents).not.toEqual(b.latents)
})

test('offloading, threads and running in process change nothing but where the work is done', async () => {
  const expected = (await pipe.generate(SMALL)).frames
  const other = await TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'), { offload: true, inProcess: true, threads: 1 })
  const { frames } = await other.generate(SMALL)
  for (const [i, value] of frames.data.entries()) if (Math.abs(value - expected.data[i]!) > 1e-4) expect(value).toBe(expected.data[i])
  await other.dispose()
})

test.each([
  [{ device: 'tpu' }, /device is "tpu"; use auto, cpu/],
  [{ threads: 0 }, /threads is 0/],
  [{ precision: 'int4' as 'auto' }, /precision is "int4"/],
])('load option %j is refused', async (options, message) => {
  await expect(TextToVideoPipeline.fromPretrained(fixture('checkpoints/ms'), options)).rejects.toThrow(message)
})
