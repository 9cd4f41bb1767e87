// A call of the AI SDK in the library's terms: the options of one generation, and what could not be taken as it was said. The
// library judges the values, and says what would be right.

import type { Experimental_VideoModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import type { TextToVideoOptions, TextToVideoPipeline } from 'kinora'
import { parseResolution, type Size, sizeOfRatio } from '../size.ts'
import { durationWarnings, ignoredOptions } from '../unsupported.ts'
import type { KinoraLocalModelOptions } from './options.ts'

interface Call {
  readonly options: TextToVideoOptions
  /** Frames a second of the file. */
  readonly fps: number
  readonly warnings: SharedV4Warning[]
}

export function callOf(
  given: Experimental_VideoModelV4CallOptions,
  { scheduler: _scheduler, ...own }: KinoraLocalModelOptions,
  pipe: TextToVideoPipeline,
): Call {
  const warnings = [...ignoredOptions(given, own), ...inputWarnings(given)]
  const fps = given.fps ?? pipe.defaults.fps
  const numFrames = own.numFrames ?? (given.duration === undefined ? undefined : Math.max(1, Math.round(given.duration * fps)))
  if (own.numFrames === undefined && numFrames !== undefined) warnings.push(...durationWarnings(given.duration, numFrames, fps))
  const values = { ...own, ...sizeOf(given, pipe, warnings), numFrames }
  const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  return { options: { prompt: given.prompt ?? '', ...present }, fps, warnings }
}

function sizeOf(
  { resolution, aspectRatio }: Experimental_VideoModelV4CallOptions,
  { defaults, limits }: TextToVideoPipeline,
  warnings: SharedV4Warning[],
): Partial<Size> {
  if (resolution !== undefined) return parseResolution(resolution)
  if (aspectRatio === undefined || aspectRatio === 'adaptive') return {}
  const { exact, ...size } = sizeOfRatio(aspectRatio, defaults, limits.scaleFactor)
  const details = `${aspectRatio} becomes ${size.width}x${size.height}: the model's sides are multiples of ${limits.scaleFactor}`
  if (!exact) warnings.push({ type: 'compatibility', feature: 'aspectRatio', details })
  return size
}

function inputWarnings({ image, frameImages, inputReferences }: Experimental_VideoModelV4CallOptions): SharedV4Warning[] {
  const details = 'in this process videos start from their prompt alone; a Kinora service takes a picture or a video'
  const given = { image, frameImages, inputReferences }
  return Object.entries(given)
    .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== undefined))
    .map(([feature]) => ({ type: 'unsupported', feature, details }))
}
