// How a tool answers: data, the same in a sentence, and errors as sentences.

import { pathToFileURL } from 'node:url'
import { Failure, UsageError } from '../errors.ts'
import { bytes, seconds } from '../format.ts'
import type { GenerateInput, GenerateOutput } from './schemas.ts'
import type { Made } from './studio.ts'

const MEDIA_TYPES = { mp4: 'video/mp4', webm: 'video/webm', gif: 'image/gif', webp: 'image/webp' } as const

/** The same for programs and, as a text, for clients that read only that. */
export function structured<T extends Record<string, unknown>>(value: T) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value, null, 2) }], structuredContent: value }
}

/** Errors with their hints, and with names as the tools have them: numFrames -> num_frames. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const hint = (error instanceof UsageError || error instanceof Failure) && error.hint !== undefined ? `; ${error.hint}` : ''
    const message = error.message.trim().replace(/^\w+(?= is )/, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    throw new Error(`${message}${hint}`, { cause: error })
  }
}

export function resultOf(
  { format, prompt }: GenerateInput,
  { path, bytes: size, settings, fps, license, warnings, seconds: taken }: Made,
  model: string,
): GenerateOutput {
  const { seed, width, height, numFrames, numInferenceSteps, guidanceScale, scheduler } = settings
  return {
    path,
    uri: pathToFileURL(path).href,
    media_type: MEDIA_TYPES[format],
    bytes: size,
    model,
    license: license ?? null,
    prompt,
    seed,
    width,
    height,
    num_frames: numFrames,
    fps,
    num_inference_steps: numInferenceSteps,
    guidance_scale: guidanceScale,
    scheduler,
    seconds_taken: Number(taken.toFixed(1)),
    warnings: [...warnings],
  }
}

export function sentenceOf(made: GenerateOutput): string {
  const { path, width, height, num_frames, fps, seed, model, license, warnings } = made
  const size = `${width}x${height}, ${num_frames} frames at ${fps} a second, ${bytes(made.bytes)}`
  const terms = license === null ? '' : ` The model ${model} is licensed ${license}.`
  const said = warnings.map((warning) => ` Note: ${warning}.`).join('')
  return `The video is in ${path} (${size}; seed ${seed}; it took ${seconds(made.seconds_taken)}).${terms}${said}`
}
