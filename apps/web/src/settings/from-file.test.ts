import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FileError } from './file-error.ts'
import { settingsOfFile, settingsOfMetadata } from './from-file.ts'

/** As `kinora generate` writes it (test/fixtures/settings.*); the service's has the same names. */
const WRITTEN = {
  kinora: '0.1.0',
  model: '@kinora/demo-model',
  prompt: 'a red ball moving down',
  negativePrompt: '',
  height: 128,
  width: 128,
  numFrames: 4,
  numInferenceSteps: 3,
  guidanceScale: 2,
  eta: 0,
  seed: 7,
  scheduler: 'EulerDiscreteScheduler',
  clipSkip: 0,
  fps: 8,
}
const READ = {
  task: 'generate',
  model: '@kinora/demo-model',
  prompt: 'a red ball moving down',
  negative_prompt: '',
  height: 128,
  width: 128,
  num_frames: 4,
  num_inference_steps: 3,
  guidance_scale: 2,
  seed: 7,
  scheduler: 'euler',
  fps: 8,
}

test.each(['mp4', 'webm'])('a real %s gives the settings that it was made with', async (form) => {
  const file = await readFile(new URL(`../../test/fixtures/settings.${form}`, import.meta.url))
  expect(await settingsOfFile(new Blob([file]))).toEqual(READ)
})

test('other files are told apart: no video, a video that says nothing', async () => {
  await expect(settingsOfFile(new Blob(['a shopping list']))).rejects.toMatchObject({ code: 'not_a_video' })
  await expect(settingsOfFile(new Blob([]))).rejects.toThrow(FileError)
  const file = await readFile(new URL('../../test/fixtures/settings.mp4', import.meta.url))
  const silent = Buffer.from(file.toString('latin1').replace('{"kinora"', '{"camera"'), 'latin1')
  await expect(settingsOfFile(new Blob([silent]))).rejects.toMatchObject({ code: 'no_settings' })
})

test('what is of another type or out of any range is left out', () => {
  expect(settingsOfMetadata(WRITTEN)).toEqual(READ)
  expect(settingsOfMetadata({ ...WRITTEN, kinora: undefined })).toBeUndefined()
  const odd = settingsOfMetadata({
    kinora: '9.9.9',
    prompt: ['two', 'prompts'],
    seed: '18446744073709551615',
    numFrames: 1.5,
    fps: 0,
    width: -8,
    scheduler: 'euler_karras',
    loras: [{ name: 'ink', scale: 0.5 }, { name: 1, scale: 1 }, 'ink', null],
  })
  expect(odd).toEqual({ task: 'generate', prompt: '', scheduler: 'euler_karras', lora: [{ name: 'ink', scale: 0.5 }] })
})

test('any JSON: never throws, never yields a value of another type', () => {
  const key = fc.constantFrom(...Object.keys(WRITTEN), 'loras', 'name', 'scale', '__proto__')
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'xsmall' },
      fc.jsonValue(),
      fc.double(),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree')),
    ),
  }))
  const named = fc.tuple(fc.dictionary(key, tree), fc.boolean()).map(([value, isOurs]) => (isOurs ? { ...value, kinora: '1' } : value))
  let read = 0
  fc.assert(
    fc.property(fc.oneof(tree, named), (value) => {
      const settings = settingsOfMetadata(value)
      if (!settings) return
      read++
      const { task, prompt, model, negative_prompt, scheduler, lora = [], ...numbers } = settings
      const isText = (each: unknown) => each === undefined || typeof each === 'string'
      const areRight =
        task === 'generate' &&
        typeof prompt === 'string' &&
        [model, negative_prompt, scheduler].every(isText) &&
        Object.values(numbers).every((each) => each === undefined || Number.isFinite(each)) &&
        lora.every(({ name, scale }) => typeof name === 'string' && Number.isFinite(scale))
      expect(areRight).toBe(true)
    }),
    { numRuns: 500 },
  )
  expect(read).toBeGreaterThan(50)
})
