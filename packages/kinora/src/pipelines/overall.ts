// How far a whole run is, as one number: each phase of each stage counts by its share of the work. The
// shares are the models' own arithmetic (TFLOP for 16 frames of 256x256); loading and writing are small.

import type { Phase, Progress } from './options.ts'
import type { Settings } from './settings.ts'

/** Progress of a run that also saves what it makes; the library's own generations end with `decoding`. */
export type OverallProgress = Omit<Progress, 'phase'> & { readonly phase: Phase | 'encoding video' }

/** One UNet evaluation of one video, the decoder, the encoder. */
const UNET = 4.83
const DECODER = 10
const ENCODER = 5
/** Share of the UNet that takes no cached features. */
const SHALLOW = 0.1
/** Text, loading and files, so that they move the bar at all. */
const SMALL = 0.5

/** Work of each phase of one stage. */
function workOf(settings: Settings): Record<OverallProgress['phase'], number> {
  const { width, height, numFrames, numInferenceSteps, strength } = settings
  const size = (width * height * numFrames) / (256 * 256 * 16)
  const steps = strength === undefined ? numInferenceSteps : Math.trunc(numInferenceSteps * strength)
  return {
    downloading: 0,
    'encoding prompt': SMALL,
    'encoding frames': strength === undefined ? 0 : ENCODER * size,
    quantizing: 0,
    loading: SMALL,
    denoising: UNET * size * steps * rowsOf(settings),
    decoding: DECODER * size,
    'encoding video': SMALL,
  }
}

/** Whole evaluations of one video's UNet a step, on average. */
function rowsOf({ guidanceScale, guidanceInterval: [start, end] = [0, 1], cacheInterval = 1 }: Settings): number {
  return (guidanceScale > 1 ? 1 + end - start : 1) * (SHALLOW + (1 - SHALLOW) / cacheInterval)
}

/**
 * A function that places the progress of a run's stages (usually one) on a whole from 0 to 1; it never goes back. `stages` are the
 * effective settings of each; the first argument of the result is a stage's number, from 0.
 */
export function createOverall(stages: readonly Settings[]): (stage: number, progress: OverallProgress) => number {
  const works = stages.map(workOf)
  const total = works.reduce((sum, work) => sum + sumOf(Object.values(work)), 0)
  let shown = 0
  return (stage, { phase, step, total: steps }) => {
    const before = sumOf(works.slice(0, stage).flatMap((work) => Object.values(work)))
    const order = Object.keys(works[stage]!) as OverallProgress['phase'][]
    const work = works[stage]!
    const earlier = sumOf(order.slice(0, order.indexOf(phase)).map((name) => work[name]))
    shown = Math.max(shown, Math.min(1, (before + earlier + work[phase] * (step / steps)) / total))
    return shown
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
