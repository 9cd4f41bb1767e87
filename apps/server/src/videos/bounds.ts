// Least and most of every number that a request may name: what resolve.ts refuses by and what a form shows (routes/models.ts)
// are the same table. Bounds that depend on each other (pixels, overlap, strength) are resolve.ts's matter.

import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'

export interface Bounds {
  readonly least: number
  readonly most: number
  /** Between two values that may be had; null where any number may. */
  readonly step: number | null
}

export type BoundedField =
  | 'width'
  | 'height'
  | 'num_frames'
  | 'fps'
  | 'num_inference_steps'
  | 'guidance_scale'
  | 'seed'
  | 'strength'
  | 'overlap'

/** Of one side, in pixels: the library's own. */
const MOST_SIDE = 8192
const MOST_STEPS = 1000
const MOST_GUIDANCE = 100
/** Frames a second that video files take. */
export const FPS: Bounds = { least: 1, most: 60, step: null }
export const LORA_SCALE: Bounds = { least: -10, most: 10, step: null }

/** `multiple`: what the model's width and height are multiples of. */
export function boundsOf({ limits }: Config, multiple: number): Readonly<Record<BoundedField, Bounds>> {
  const longest = Math.min(MOST_SIDE, Math.floor(limits.pixels / multiple))
  const side = { least: multiple, most: Math.max(multiple, longest - (longest % multiple)), step: multiple }
  return {
    width: side,
    height: side,
    num_frames: { least: 1, most: limits.frames, step: 1 },
    fps: FPS,
    num_inference_steps: { least: 1, most: Math.min(limits.steps, MOST_STEPS), step: 1 },
    guidance_scale: { least: 0, most: MOST_GUIDANCE, step: null },
    seed: { least: -1, most: Number.MAX_SAFE_INTEGER, step: 1 },
    // Less leaves no step of the longest schedule.
    strength: { least: 1 / MOST_STEPS, most: 1, step: null },
    overlap: { least: 1, most: Math.max(1, limits.frames - 1), step: 1 },
  }
}

/** The value; throws ServerError when it lies outside. */
export function within(name: string, value: number, { least, most, step }: Bounds): number {
  if (value >= least && value <= most && (step === null || Number.isSafeInteger(value))) return value
  throw refusal(`${name} is ${value}; it must be a ${step === null ? '' : 'whole '}number from ${least} to ${most}`, name)
}

/** A value of the request that cannot be had. */
export function refusal(message: string, param: string): ServerError {
  return new ServerError(message, { status: 400, code: 'invalid_value', param })
}
