// Motion Consistency Model adapters: four steps in place of fifty for the unchanged base model. Sources: the card of
// yhzhai/mcm and its demo (sampler, steps, scale, frames, fps, sizes), the paper (arXiv 2406.06890) for what each was trained on.

import { NONCOMMERCIAL_BASE, type Preset } from './preset.ts'

/** The end of each folder's name, and the pictures that its frames were taught to resemble. */
const LOOKS = [
  ['webvid', 'stock footage'],
  ['laion', 'aesthetic pictures'],
  ['anime', 'anime'],
  ['real', 'realistic'],
  ['3d-cartoon', '3D cartoon'],
] as const

export const MCM: readonly Preset[] = LOOKS.map(([look, title]) => ({
  name: `mcm-${look}`,
  aliases: look === 'laion' ? ['mcm'] : [],
  title: `MCM, ${title} (4 steps)`,
  kind: 'lora',
  layout: 'peft',
  task: 'text-to-video',
  repos: ['yhzhai/mcm'],
  subfolder: `modelscopet2v-${look}`,
  base: 'ms-1.7b',
  width: 256,
  height: 256,
  numFrames: 16,
  fps: 7,
  numInferenceSteps: 4,
  guidanceScale: 1,
  scheduler: { className: 'LCMScheduler', config: { timestep_scaling: 4 } },
  license: 'apache-2.0',
  licenseNote: `the adapter's; ${NONCOMMERCIAL_BASE}`,
  downloadBytes: 384_000_000,
}))
