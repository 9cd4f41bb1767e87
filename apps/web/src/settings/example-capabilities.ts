// Capabilities for the tests of this folder, as a service with the demo model and a model of 576 x 320 gives them.

import type { Capabilities } from '../api/types.ts'
import type { Field, ModelCapabilities, NumberName } from './limits.ts'

export const EXAMPLE: Capabilities = {
  object: 'capabilities',
  default_model: 'demo',
  tasks: ['generate', 'edit', 'extend'],
  models: [
    modelOf('demo', { width: 128, height: 128, num_frames: 16, steps: 12 }),
    modelOf('wide', { width: 576, height: 320, num_frames: 24, steps: 40 }),
  ],
  schedulers: ['ddim', 'euler', 'dpm++2m'],
  limits: { pixels: 589_824, frames: 200, steps: 150, prompt_length: 2000, total_frames: 600 },
  uploads: { bytes: 104_857_600, frames: 600, seconds: 60 },
  quota: { queued: null, per_day: null, work_per_day: null },
  used: { queued: 0, per_day: 0, work_per_day: 0 },
  queue: { waiting: 0, most: 500 },
  moderation: false,
}

function modelOf(
  id: string,
  { width, height, num_frames, steps }: { width: number; height: number; num_frames: number; steps: number },
): ModelCapabilities {
  const side = { least: 8, most: 8192, step: 8 }
  return {
    id,
    negative_prompt: '',
    scheduler: 'DDIMScheduler',
    seconds_per_work: id === 'demo' ? 1e-6 : null,
    fields: [
      field('width', side, { generate: width }, ['generate', 'edit']),
      field('height', side, { generate: height }, ['generate', 'edit']),
      field('num_frames', { least: 1, most: 200, step: 1 }, { generate: num_frames }, ['generate', 'extend']),
      field('fps', { least: 1, most: 60, step: null }, { generate: 8 }),
      field('num_inference_steps', { least: 1, most: 150, step: 1 }, { generate: steps, edit: steps, extend: steps }),
      field('guidance_scale', { least: 0, most: 100, step: null }, { generate: 2, edit: 2, extend: 2 }),
      field('seed', { least: -1, most: Number.MAX_SAFE_INTEGER, step: 1 }, { generate: -1, edit: -1, extend: -1 }),
      field('strength', { least: 0.001, most: 1, step: null }, { edit: 0.6, extend: 0.9 }, ['edit', 'extend']),
      field('overlap', { least: 1, most: 199, step: 1 }, {}, ['extend']),
    ],
  }
}

function field(
  name: NumberName,
  bounds: Pick<Field, 'least' | 'most' | 'step'>,
  usual: Field['default'],
  tasks: Field['tasks'] = ['generate', 'edit', 'extend'],
): Field {
  return { name, ...bounds, default: usual, tasks }
}
