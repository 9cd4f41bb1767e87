// Other fine-tunes of the base model. Sources: the model cards of the named repositories; the model lists of SD.Next (Potat's
// frames) and Pallaidium (sizes of the Polyware models, whose pages were not found); diffusers pull request 3679, which names
// Potat1 and Animov as free of the watermark.

import { NONCOMMERCIAL_BASE, type Preset } from './preset.ts'

const MODEL = { kind: 'model', layout: 'diffusers', task: 'text-to-video' } as const

export const FINE_TUNES: readonly Preset[] = [
  {
    ...MODEL,
    name: 'potat1',
    aliases: ['potat'],
    title: 'Potat 1',
    // The card says that the second is the same model; it is the training's step 50000 with the base model's text encoder.
    repos: ['camenduru/potat1', 'vdo/potat1-50000-base-text-encoder'],
    width: 1024,
    height: 576,
    numFrames: 24,
    licenseNote: `its page has no licence; ${NONCOMMERCIAL_BASE}`,
    watermark: false,
    downloadBytes: 4_354_000_000,
  },
  {
    ...MODEL,
    name: 'animov-0.1',
    aliases: [],
    title: 'Animov 0.1 (anime)',
    repos: ['strangeman3107/animov-0.1', 'vdo/animov-0.1'],
    width: 384,
    height: 384,
    license: 'cc-by-nc-4.0',
    watermark: false,
  },
  {
    ...MODEL,
    name: 'animov-0.1.1',
    aliases: [],
    title: 'Animov 0.1.1 (anime)',
    repos: ['strangeman3107/animov-0.1.1', 'vdo/animov-0.1.1'],
    width: 448,
    height: 384,
    license: 'cc-by-nc-4.0',
    watermark: false,
  },
  {
    ...MODEL,
    name: 'animov-512x',
    aliases: ['animov'],
    title: 'Animov 512x (anime)',
    repos: ['strangeman3107/animov-512x'],
    width: 512,
    height: 512,
    license: 'cc-by-nc-4.0',
    watermark: false,
  },
  {
    ...MODEL,
    name: 'polyware-stable-v1',
    aliases: ['ms-stable-v1', 'polyware'],
    title: 'Polyware text-to-video stable v1',
    repos: ['polyware-ai/text-to-video-ms-stable-v1'],
    width: 384,
    height: 384,
    licenseNote: `its page's licence was not seen; ${NONCOMMERCIAL_BASE}`,
  },
  {
    ...MODEL,
    name: 'longscope',
    aliases: [],
    title: 'Longscope',
    repos: ['polyware-ai/longscope'],
    width: 384,
    height: 216,
    numFrames: 94,
    licenseNote: `its page's licence was not seen; ${NONCOMMERCIAL_BASE}`,
  },
]
