// Settings out of a video file that Kinora wrote: the JSON of its comment tag, by the library's names, as the command line and
// the service write it. Files come from anywhere: what is no such value is left out. What the models here lack: fit.ts.

import { FileError } from './file-error.ts'
import { NOTHING, type Settings } from './settings.ts'

/** As much as Kinora writes. */
const MOST_COMMENT = 100_000
const MOST_TEXT = 20_000
const MOST_LORAS = 20

/** The short names under which the service takes the schedulers that files name by their class. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  DDIMScheduler: 'ddim',
  DDPMScheduler: 'ddpm',
  PNDMScheduler: 'pndm',
  DPMSolverMultistepScheduler: 'dpm++2m',
  DPMSolverSinglestepScheduler: 'dpm++2s',
  KDPM2DiscreteScheduler: 'dpm2',
  KDPM2AncestralDiscreteScheduler: 'dpm2_a',
  EulerDiscreteScheduler: 'euler',
  EulerAncestralDiscreteScheduler: 'euler_a',
  HeunDiscreteScheduler: 'heun',
  LMSDiscreteScheduler: 'lms',
  DEISMultistepScheduler: 'deis',
  UniPCMultistepScheduler: 'unipc',
  LCMScheduler: 'lcm',
}

/** Of an .mp4 or .webm. Rejects with FileError where there are none. */
export async function settingsOfFile(file: Blob): Promise<Settings> {
  const { BlobSource, Input, MP4, WEBM } = await import('mediabunny')
  const input = new Input({ source: new BlobSource(file), formats: [MP4, WEBM] })
  let comment: string | undefined
  try {
    comment = (await input.getMetadataTags()).comment
  } catch (cause) {
    throw new FileError('the file is no mp4 or webm video', { code: 'not_a_video', cause })
  } finally {
    input.dispose()
  }
  const settings = settingsOfMetadata(parsed(comment))
  if (!settings) throw new FileError('the video does not say how it was made', { code: 'no_settings' })
  return settings
}

/** Undefined where it is not Kinora's. An edited or continued video does not say what it came from: it becomes a new one. */
export function settingsOfMetadata(value: unknown): Settings | undefined {
  if (!isRecord(value) || typeof value.kinora !== 'string') return undefined
  const loras = lorasOf(value.loras)
  const scheduler = text(value.scheduler)
  return {
    ...NOTHING,
    prompt: text(value.prompt) ?? '',
    model: text(value.model),
    negative_prompt: text(value.negativePrompt),
    num_frames: whole(value.numFrames),
    fps: positive(value.fps),
    num_inference_steps: whole(value.numInferenceSteps),
    guidance_scale: number(value.guidanceScale),
    // Beyond 2^53 - 1 it is written as text, and no number here.
    seed: whole(value.seed, 0),
    width: whole(value.width),
    height: whole(value.height),
    scheduler: scheduler !== undefined && Object.hasOwn(SHORT_NAMES, scheduler) ? SHORT_NAMES[scheduler] : scheduler,
    lora: loras.length > 0 ? loras : undefined,
  }
}

function parsed(comment: string | undefined): unknown {
  if (comment === undefined || comment.length > MOST_COMMENT) return undefined
  try {
    return JSON.parse(comment)
  } catch {
    return undefined
  }
}

function lorasOf(value: unknown): { name: string; scale: number }[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, MOST_LORAS).flatMap((each: unknown) => {
    if (!isRecord(each)) return []
    const [name, scale] = [text(each.name), number(each.scale)]
    return name === undefined || scale === undefined ? [] : [{ name, scale }]
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MOST_TEXT ? value : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function positive(value: unknown): number | undefined {
  const found = number(value)
  return found !== undefined && found > 0 ? found : undefined
}

function whole(value: unknown, least = 1): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= least ? Number(value) : undefined
}
