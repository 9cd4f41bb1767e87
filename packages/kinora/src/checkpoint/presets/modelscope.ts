// The base model and its other packagings. Sources: the model cards and file lists of the named repositories; sizes and
// hashes from a git mirror of the repository; defaults of diffusers' TextToVideoSDPipeline; sd-webui-text2video issue 24 and
// modelscope issue 325 (the watermark).

import { DPM_SOLVER, type Preset } from './preset.ts'

const CONTRADICTION = "the page's tag says cc-by-nc-4.0, its text links CC-BY-NC-ND: no changed weights may be passed on under the second"

export const MODELSCOPE: readonly Preset[] = [
  {
    name: 'ms-1.7b',
    aliases: ['modelscope', 'text-to-video-ms', 'damo'],
    title: 'ModelScope text-to-video 1.7b',
    kind: 'model',
    layout: 'diffusers',
    task: 'text-to-video',
    repos: ['damo-vilab/text-to-video-ms-1.7b', 'ali-vilab/text-to-video-ms-1.7b', 'vdo/text-to-video-ms-1.7b'],
    width: 256,
    height: 256,
    numFrames: 16,
    fps: 8,
    numInferenceSteps: 25,
    guidanceScale: 9,
    scheduler: DPM_SOLVER,
    license: 'cc-by-nc-4.0',
    licenseNote: CONTRADICTION,
    watermark: true,
    variant: 'fp16',
    downloadBytes: 3_672_395_000,
  },
  {
    // The card is a copy of the one above; "older weights" is its name's claim.
    name: 'ms-1.7b-legacy',
    aliases: ['modelscope-legacy'],
    title: 'ModelScope text-to-video 1.7b, first weights',
    kind: 'model',
    layout: 'diffusers',
    task: 'text-to-video',
    repos: ['damo-vilab/text-to-video-ms-1.7b-legacy', 'ali-vilab/text-to-video-ms-1.7b-legacy'],
    numInferenceSteps: 25,
    scheduler: DPM_SOLVER,
    license: 'cc-by-nc-4.0',
    licenseNote: CONTRADICTION,
  },
  {
    // max_frames of configuration.json; steps, guidance and eta 0 of the model's own code.
    name: 'modelscope-original',
    aliases: ['text-to-video-synthesis'],
    title: 'ModelScope text-to-video, original files',
    kind: 'model',
    layout: 'modelscope',
    task: 'text-to-video',
    repos: ['ali-vilab/modelscope-damo-text-to-video-synthesis', 'damo-vilab/modelscope-damo-text-to-video-synthesis'],
    width: 256,
    height: 256,
    numFrames: 16,
    numInferenceSteps: 50,
    guidanceScale: 9,
    license: 'cc-by-nc-4.0',
    watermark: true,
    downloadBytes: 14_800_000_000,
  },
]
