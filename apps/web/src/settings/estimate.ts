// How long a video will take, by what the model's last ones took: the service measures seconds for each unit of work, and work
// is frames x pixels x steps that run (its quotas count the same).

import type { Capabilities } from '../api/types.ts'
import { defaultOf, modelOf, sizeOf } from './limits.ts'
import type { Settings } from './settings.ts'

/** What is known of the video that another starts from. */
export interface SourceFacts {
  readonly num_frames: number
  readonly width: number
  readonly height: number
}

/** Overlap that the service takes by itself. */
const OVERLAP = 4

/** Undefined where the model has made nothing yet, or too little is known of the source. */
export function estimateSeconds(settings: Settings, capabilities: Capabilities, source?: SourceFacts): number | undefined {
  const perWork = modelOf(capabilities, settings.model)?.seconds_per_work
  const work = workOf(settings, capabilities, source)
  return typeof perWork === 'number' && work !== undefined ? perWork * work : undefined
}

/** Frames x pixels x steps. */
export function workOf(settings: Settings, capabilities: Capabilities, source?: SourceFacts): number | undefined {
  const frames = framesOf(settings, capabilities, source)
  const size = settings.task === 'extend' ? source : (sizeOf(capabilities, settings) ?? source)
  const steps = settings.num_inference_steps ?? defaultOf(capabilities, settings, 'num_inference_steps')
  const strength = settings.strength ?? defaultOf(capabilities, settings, 'strength') ?? 1
  if (frames === undefined || !size || steps === undefined) return undefined
  const run = settings.task === 'generate' ? steps : Math.min(steps, Math.trunc(steps * strength))
  return frames * size.width * size.height * run
}

/** With those of the source that the model sees again. */
function framesOf(settings: Settings, capabilities: Capabilities, source: SourceFacts | undefined): number | undefined {
  if (settings.task === 'edit') return source?.num_frames
  if (settings.task === 'generate') return settings.num_frames ?? defaultOf(capabilities, settings, 'num_frames')
  const usual = defaultOf(capabilities, { ...settings, task: 'generate' }, 'num_frames')
  const overlap = settings.overlap ?? Math.min(OVERLAP, source?.num_frames ?? OVERLAP)
  if (settings.num_frames !== undefined) return settings.num_frames + overlap
  return usual === undefined ? undefined : Math.max(usual, overlap + 1)
}
