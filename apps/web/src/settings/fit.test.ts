import { expect, test } from 'vitest'
import type { Capabilities, ModelObject } from '../api/types.ts'
import { fitSettings } from './fit.ts'
import type { Settings } from './settings.ts'

const MODELS = [
  { id: 'demo', loras: [] },
  { id: 'text-to-video-ms-1.7b', loras: ['ink'] },
] as unknown as ModelObject[]
const CAPABILITIES = { default_model: 'demo', schedulers: ['euler', 'ddim'] } as unknown as Capabilities
const fit = (settings: Partial<Settings>) => fitSettings({ task: 'generate', prompt: 'a', ...settings }, MODELS, CAPABILITIES)

test.each([
  ['demo', 'demo'],
  ['@kinora/demo-model', 'demo'],
  ['ali-vilab/text-to-video-ms-1.7b', 'text-to-video-ms-1.7b'],
  ['ali-vilab/Text-to-Video-MS-1.7b@main', 'text-to-video-ms-1.7b'],
])('%s is the model %s here', (name, here) => {
  expect(fit({ model: name })).toMatchObject({ settings: { model: here }, missing: [] })
})

test('what is not here is left out and told', () => {
  const lora = [
    { name: 'ink', scale: 1 },
    { name: 'oil', scale: 0.5 },
  ]
  expect(fit({ model: 'cerspense/zeroscope_v2_576w', seed: 3 })).toEqual({
    settings: { task: 'generate', prompt: 'a', model: undefined, scheduler: undefined, lora: undefined, seed: 3 },
    missing: ['cerspense/zeroscope_v2_576w'],
  })
  expect(fit({ model: 'text-to-video-ms-1.7b', lora, scheduler: 'unknown' })).toMatchObject({
    settings: { lora: [lora[0]] },
    missing: ['oil', 'unknown'],
  })
  expect(fit({}).missing).toEqual([])
})
