import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configSchema } from '../config/config.ts'
import type { ModelDescription } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import { resolveRequest, workOf } from './resolve.ts'
import { changedWish, type RequestWish, type Source } from './wish.ts'

const CONFIG = configSchema.parse({ limits: { pixels: 320 * 256, frames: 40, steps: 60, uploadFrames: 100 } })
const MODEL: ModelDescription = {
  name: 'demo',
  title: 'Demo',
  license: null,
  defaults: {
    width: 256,
    height: 256,
    num_frames: 16,
    num_inference_steps: 50,
    guidance_scale: 9,
    edit_guidance_scale: 15,
    strength: 0.6,
    fps: 8,
  },
  size_multiple: 8,
  scheduler: 'DDIMScheduler',
  loras: ['ink'],
}
const SOURCE: Source = { key: `${'a'.repeat(64)}.mp4`, frames: 24, width: 130, height: 96, fps: 12 }
const PROMPT = { task: 'generate', prompt: 'a panda' } as const
const resolve = (wish: Partial<RequestWish>, config = CONFIG) => resolveRequest({ ...PROMPT, ...wish }, MODEL, config)

function refused(wish: Partial<RequestWish>, config = CONFIG): ServerError {
  try {
    resolve(wish, config)
  } catch (error) {
    if (error instanceof ServerError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('defaults', () => {
  test("the model's, with a seed that is drawn", () => {
    const { seed, ...rest } = resolve({})
    expect(rest).toEqual({
      task: 'generate',
      prompt: 'a panda',
      negative_prompt: '',
      num_frames: 16,
      fps: 8,
      num_inference_steps: 50,
      guidance_scale: 9,
      width: 256,
      height: 256,
    })
    expect(Number.isInteger(seed) && seed >= 0).toBe(true)
    expect(new Set(Array.from({ length: 5 }, () => resolve({ seed: -1 }).seed)).size).toBeGreaterThan(1)
  })

  test("the operator's before the model's, the wish before both", () => {
    const models = [{ name: 'demo', source: 'demo', defaults: { num_inference_steps: 20, negative_prompt: 'text', scheduler: 'euler' } }]
    const config = { ...CONFIG, models }
    expect(resolve({}, config)).toMatchObject({ num_inference_steps: 20, negative_prompt: 'text', scheduler: 'euler', num_frames: 16 })
    const wish = { num_inference_steps: 5, negative_prompt: '', scheduler: 'DPM++ 2M Karras' }
    expect(resolve(wish, config)).toMatchObject(wish)
  })

  test('a default above a limit gives way to it, a wish above it is refused', () => {
    const config = { ...CONFIG, limits: { ...CONFIG.limits, frames: 8, steps: 10 } }
    expect(resolve({}, config)).toMatchObject({ num_frames: 8, num_inference_steps: 10 })
    expect(refused({ num_frames: 9 }, config)).toMatchObject({
      param: 'num_frames',
      message: expect.stringContaining('from 1 to 8') as string,
    })
  })
})

describe('frames', () => {
  test('seconds at the frame rate; num_frames wins', () => {
    expect(resolve({ seconds: 4 })).toMatchObject({ num_frames: 32, fps: 8 })
    expect(resolve({ seconds: 1.5, fps: 10 })).toMatchObject({ num_frames: 15, fps: 10 })
    expect(resolve({ seconds: 4, num_frames: 20 })).toMatchObject({ num_frames: 20 })
    expect(refused({ seconds: 6 })).toMatchObject({ param: 'seconds', message: expect.stringContaining('from 0.125 to 5') as string })
    for (const seconds of [0, -1, 0.01]) expect(refused({ seconds }).param).toBe('seconds')
  })

  test('an edit has those of its video', () => {
    const edit = { task: 'edit', source: SOURCE } as const
    expect(resolve(edit)).toMatchObject({
      num_frames: 24,
      input_frames: 24,
      fps: 12,
      width: 128,
      height: 96,
      strength: 0.6,
      guidance_scale: 15,
      input: SOURCE.key,
    })
    expect(resolve({ ...edit, num_frames: 24, seconds: 9 })).toMatchObject({ num_frames: 24 })
    expect(resolve({ ...edit, seconds: 2, size: '256x192' })).toMatchObject({ num_frames: 24, width: 256, height: 192 })
    expect(refused({ ...edit, num_frames: 16 })).toMatchObject({
      param: 'num_frames',
      message: expect.stringContaining('24, not 16') as string,
    })
    expect(refused({ ...edit, source: { ...SOURCE, frames: 41 } })).toMatchObject({ param: 'video' })
    expect(resolve({ ...edit, source: { ...SOURCE, fps: 120 } }).fps).toBe(60)
  })

  test('a continued video counts the new ones and keeps its size', () => {
    const extend = { task: 'extend', source: SOURCE } as const
    expect(resolve(extend)).toMatchObject({ num_frames: 12, overlap: 4, input_frames: 24, fps: 12, width: 128, height: 96, strength: 0.9 })
    expect(resolve({ ...extend, seconds: 2, overlap: 8 })).toMatchObject({ num_frames: 24, overlap: 8 })
    expect(resolve({ ...extend, source: { ...SOURCE, frames: 1 } })).toMatchObject({ overlap: 1, num_frames: 15 })
    expect(refused({ ...extend, num_frames: 37 })).toMatchObject({
      param: 'num_frames',
      message: expect.stringContaining('at most 36') as string,
    })
    expect(refused({ ...extend, seconds: 3.2 }).param).toBe('seconds')
    expect(refused({ ...extend, overlap: 25 }).param).toBe('overlap')
    expect(refused({ ...extend, size: '256x192' })).toMatchObject({ param: 'size', message: expect.stringContaining('128x96') as string })
    expect(refused({ ...extend, source: { ...SOURCE, frames: 90 } }).message).toContain('the most is 100')
    expect(refused({ overlap: 2 }).param).toBe('overlap')
  })
})

describe('size', () => {
  test('one that is no multiple is refused with the nearest', () => {
    expect(refused({ size: '250x256' })).toMatchObject({
      param: 'size',
      message: expect.stringMatching(/multiples of 8 .* 248x256 or 256x256$/) as string,
    })
    expect(refused({ height: 100 })).toMatchObject({ param: 'height', message: expect.stringContaining('256x96 or 256x104') as string })
    expect(refused({ width: 4 }).message).toContain('8x256')
    for (const size of ['256', '256x', 'x', '256x256x1', '-8x8', '1e2x8', '256×256']) expect(refused({ size }).param).toBe('size')
  })

  test('too many pixels are refused with a size of the same shape', () => {
    expect(refused({ size: '1280x720' }).message).toBe(
      'the size is 1280x720, 921600 pixels; at most 81920 are made: ask for a smaller one, for example 376x208',
    )
    expect(resolve({ size: '376x208' })).toMatchObject({ width: 376, height: 208 })
    expect(resolve({ width: 320 })).toMatchObject({ width: 320, height: 256 })
  })

  test('size and width must agree', () => {
    expect(resolve({ size: '64x32', width: 64, height: 32 })).toMatchObject({ width: 64, height: 32 })
    expect(refused({ size: '64x32', height: 64 })).toMatchObject({ param: 'height' })
  })
})

describe('other values', () => {
  test.each<[Partial<RequestWish>, string, RegExp]>([
    [{ prompt: ' ' }, 'prompt', /empty/],
    [{ prompt: 'x'.repeat(2001) }, 'prompt', /2001 characters; at most 2000/],
    [{ negative_prompt: 'x'.repeat(2001) }, 'negative_prompt', /2001/],
    [{ fps: 61 }, 'fps', /from 1 to 60/],
    [{ num_inference_steps: 0 }, 'num_inference_steps', /whole number from 1 to 60/],
    [{ guidance_scale: -1 }, 'guidance_scale', /from 0 to 100/],
    [{ seed: -2 }, 'seed', /from -1 to 9007199254740991/],
    [{ seed: 2 ** 53 }, 'seed', /-1/],
    [{ strength: 0.5 }, 'strength', /leave it out/],
    [{ scheduler: 'eular' }, 'scheduler', /did you mean euler/],
    [{ lora: [{ name: 'oil' }] }, 'lora', /no adapter "oil"; take one of ink/],
    [{ lora: [{ name: 'ink' }, { name: 'ink' }] }, 'lora', /twice/],
    [{ lora: [{ name: 'ink', scale: 11 }] }, 'lora', /from -10 to 10/],
    [{ task: 'edit', source: SOURCE, strength: 0.01 }, 'strength', /leaves none to run/],
    [{ task: 'edit', source: SOURCE, strength: 1.1 }, 'strength', /to 1$/],
  ])('%o is refused', (wish, param, message) => {
    expect(refused(wish)).toMatchObject({ status: 400, code: 'invalid_value', param, message: expect.stringMatching(message) as string })
  })

  test('what was wished is what is made', () => {
    const wish = {
      num_frames: 7,
      fps: 24,
      num_inference_steps: 3,
      guidance_scale: 1,
      seed: 2 ** 53 - 1,
      lora: [{ name: 'ink', scale: 0.5 }],
    }
    expect(resolve(wish)).toMatchObject(wish)
    expect(resolve({ lora: [{ name: 'ink' }] }).lora).toEqual([{ name: 'ink', scale: 1 }])
  })

  test('work counts frames, pixels and the steps that are run', () => {
    expect(workOf(resolve({ num_frames: 10, num_inference_steps: 4, size: '64x32' }))).toBe(10 * 64 * 32 * 4)
    expect(workOf(resolve({ task: 'extend', source: SOURCE, num_frames: 6, num_inference_steps: 10 }))).toBe(10 * 128 * 96 * 9)
  })
})

describe('changed wishes', () => {
  const request = resolve({ seed: 5, size: '64x32', num_frames: 20, lora: [{ name: 'ink', scale: 0.5 }] })
  const changed = (changes: Parameters<typeof changedWish>[1]) => resolveRequest(changedWish(request, changes), MODEL, CONFIG)

  test('everything else stays, and what followed from it is found anew', () => {
    expect(changed({ prompt: 'a fox' })).toEqual({ ...request, prompt: 'a fox' })
    expect(changed({ seconds: 1, size: '128x64', lora: [] })).toEqual(
      expect.objectContaining({ num_frames: 8, width: 128, height: 64, seed: 5 }) as object,
    )
    expect(changed({ lora: [] }).lora).toBeUndefined()
    expect(changed({ prompt: undefined, seed: undefined })).toEqual(request)
  })

  test('of an edit and an extension as well', () => {
    for (const task of ['edit', 'extend'] as const) {
      const original = resolve({ task, source: SOURCE })
      expect(resolveRequest(changedWish(original, { prompt: 'b' }), MODEL, CONFIG)).toEqual({ ...original, prompt: 'b' })
    }
  })
})

test('any numbers at all are taken as they are or refused by a ServerError', () => {
  const anything = fc.oneof(fc.double(), fc.integer(), fc.constant(undefined))
  const wishes = fc.record({
    task: fc.constantFrom('generate', 'edit', 'extend'),
    seconds: anything,
    num_frames: anything,
    fps: anything,
    width: anything,
    height: anything,
    num_inference_steps: anything,
    guidance_scale: anything,
    seed: anything,
    strength: anything,
    overlap: anything,
    size: fc.option(fc.string(), { nil: undefined }),
  })
  fc.assert(
    fc.property(wishes, (wish) => {
      const whole = { ...wish, ...(wish.task !== 'generate' && { source: SOURCE }) }
      let made: ReturnType<typeof resolve>
      try {
        made = resolve(whole)
      } catch (error) {
        if (error instanceof ServerError && error.status === 400 && error.param !== undefined) return
        throw error
      }
      expect(made.width % 8 === 0 && made.width * made.height <= CONFIG.limits.pixels && made.num_frames + (made.overlap ?? 0) <= 40).toBe(
        true,
      )
      for (const name of ['num_frames', 'fps', 'width', 'height', 'guidance_scale', 'strength'] as const)
        if (wish[name] !== undefined) expect(made[name]).toBe(wish[name])
    }),
    { numRuns: 300 },
  )
})
