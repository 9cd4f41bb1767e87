// The real `experimental_generateVideo` with the real library and the bundled demo model, in this process.

import { experimental_generateVideo } from 'ai'
import { afterAll, expect, test } from 'vitest'
import { createLocalKinora } from './local.ts'

const phases = new Set<string>()
const kinora = createLocalKinora({ device: 'cpu', onProgress: ({ phase }) => phases.add(phase) })
afterAll(() => kinora.dispose())
globalThis.AI_SDK_LOG_WARNINGS = false

test('two videos of the demo model, and what was made of the wish', async () => {
  const result = await experimental_generateVideo({
    model: kinora.video('demo'),
    prompt: 'a red circle growing on a black background',
    n: 2,
    seed: 5,
    resolution: '64x64',
    providerOptions: { kinora: { numInferenceSteps: 2, numFrames: 2, scheduler: 'dpm++2m' } },
  })
  expect(result.videos.map(({ uint8Array }) => Buffer.from(uint8Array.subarray(4, 8)).toString())).toEqual(['ftyp', 'ftyp'])
  expect(result.warnings).toEqual([])
  expect(result.providerMetadata.kinora?.videos).toMatchObject([
    { seed: 5, width: 64, height: 64, numFrames: 2, fps: 8, guidanceScale: 2, scheduler: 'DPMSolverMultistepScheduler', model: 'demo' },
    { seed: 6 },
  ])
  expect([...phases]).toEqual(expect.arrayContaining(['encoding prompt', 'denoising', 'decoding']))
})

test('warnings, refusals and an abort', async () => {
  const model = kinora.video('demo')
  const { warnings, providerMetadata } = await experimental_generateVideo({
    model,
    prompt: { image: new Uint8Array([0x89, 0x50, 0x4e, 0x47]), text: 'a red circle' },
    aspectRatio: '3:1',
    duration: 0.3,
    providerOptions: { kinora: { numInferenceSteps: 1 } },
  })
  expect(warnings).toMatchObject([
    { type: 'unsupported', feature: 'image' },
    { type: 'compatibility', feature: 'duration' },
    { type: 'compatibility', feature: 'aspectRatio', details: expect.stringContaining('3:1 becomes 224x72') as string },
  ])
  expect(providerMetadata.kinora?.videos).toMatchObject([{ width: 224, height: 72, numFrames: 2, scheduler: 'DDIMScheduler' }])
  await expect(experimental_generateVideo({ model, prompt: 'a', resolution: '63x64' })).rejects.toThrow(
    /width is 63; it must be a multiple of 8/,
  )
  const started = performance.now()
  const signal = AbortSignal.timeout(1500)
  const long = { model, prompt: 'a', abortSignal: signal, providerOptions: { kinora: { numInferenceSteps: 500, numFrames: 32 } } }
  await expect(experimental_generateVideo(long)).rejects.toThrow()
  expect(performance.now() - started).toBeLessThan(4000)
})
