// A call of the AI SDK in the service's terms: one creation, and what could not be taken as it was said. Values are sent as
// given and judged by the service; only a ratio of sides becomes a size here.

import type { Experimental_VideoModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import type { FetchFunction } from '@ai-sdk/provider-utils'
import { type Input, inputOf } from './input.ts'
import type { KinoraVideoModelOptions } from './options.ts'
import type { Creation, Service } from './service.ts'
import { sizeOfRatio } from './size.ts'
import { ignoredOptions } from './unsupported.ts'

interface Needs {
  readonly modelId: string
  readonly service: Service
  readonly fetch?: FetchFunction | undefined
}

/** `seed` and what else differs from video to video of one call is not in it. */
export async function creationOf(
  options: Experimental_VideoModelV4CallOptions,
  own: KinoraVideoModelOptions,
  needs: Needs,
): Promise<{ creation: Creation; warnings: SharedV4Warning[] }> {
  const warnings = ignoredOptions(options, own)
  const warn = (warning: SharedV4Warning) => void warnings.push(warning)
  const input = await inputOf(options, { fetch: needs.fetch, warn })
  const fields = {
    prompt: options.prompt ?? '',
    model: needs.modelId,
    negative_prompt: own.negativePrompt,
    size: options.resolution ?? (await ratioSize(options, input, needs, warn)),
    num_frames: own.numFrames,
    seconds: own.numFrames === undefined ? options.duration : undefined,
    fps: options.fps,
    num_inference_steps: own.numInferenceSteps,
    guidance_scale: own.guidanceScale,
    scheduler: own.scheduler,
    strength: own.strength,
    lora: own.lora?.map((adapter) => (typeof adapter === 'string' ? { name: adapter } : adapter)),
  }
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { creation: { ...placeOf(input, own), fields: given }, warnings }
}

function placeOf(input: Input | undefined, { task }: KinoraVideoModelOptions): Pick<Creation, 'route' | 'upload'> {
  if (!input) return { route: '/videos' }
  if (input.kind === 'picture') return { route: '/videos', upload: { field: 'input_reference', file: input.file } }
  return { route: task === 'extend' ? '/videos/extensions' : '/videos/edits', upload: { field: 'video', file: input.file } }
}

/** Undefined where the model's or the input's own size stands. */
async function ratioSize(
  { aspectRatio, abortSignal }: Experimental_VideoModelV4CallOptions,
  input: Input | undefined,
  { modelId, service }: Needs,
  warn: (warning: SharedV4Warning) => void,
): Promise<string | undefined> {
  if (aspectRatio === undefined || aspectRatio === 'adaptive') return undefined
  if (input) {
    const details = 'a video that starts from a picture or another video has its shape'
    warn({ type: 'unsupported', feature: 'aspectRatio', details })
    return undefined
  }
  const { defaults, size_multiple } = await service.model(modelId, abortSignal)
  const { width, height, exact } = sizeOfRatio(aspectRatio, defaults, size_multiple)
  const size = `${width}x${height}`
  const details = `${aspectRatio} becomes ${size}: the model's sides are multiples of ${size_multiple}`
  if (!exact) warn({ type: 'compatibility', feature: 'aspectRatio', details })
  return size
}
