// The effective settings of a generation: defaults filled in, ranges checked before any model is loaded.

import { ArgumentError } from '../errors.ts'
import { randomSeed } from '../tensor/random.ts'
import { checkInterval, type Evaluations, resolveEvaluations } from './evaluations.ts'
import type { GenerateOptions } from './options.ts'

/** What a checkpoint fixes, and how it was opened. */
export interface ModelLimits {
  /** Pixels per latent. */
  scaleFactor: number
  latentChannels: number
  /** Layers of the text encoder. */
  textLayers: number
  /** Layers of the UNet's up blocks. */
  upLayers: number
  precision?: 'float32' | 'float16' | 'int8'
}

/** What a generation takes where the caller says nothing. */
export interface Defaults {
  height: number
  width: number
  numFrames: number
  numInferenceSteps: number
  guidanceScale: number
  strength: number
  /** Frames per second to play the result at. */
  fps: number
}

/** The effective values of one generation; written into the video's metadata as they are. */
export interface Settings extends Evaluations {
  prompt: string[]
  negativePrompt: string[]
  height: number
  width: number
  numFrames: number
  numInferenceSteps: number
  guidanceScale: number
  /** Absent when it is off, as the options below. */
  guidanceRescale?: number
  eta: number
  /** A string when it is beyond 2^53 - 1. */
  seed: number | string
  scheduler: string
  clipSkip: number
  promptWeights?: true
  loop?: true
  vaeTiling?: true
  /** Frames taken from the video that this one continues. */
  overlap?: number
  /** Of video to video, and of continuing a video. */
  strength?: number
  numVideosPerPrompt?: number
  /** Of the UNet's arithmetic, where it is not float32. */
  precision?: 'float16' | 'int8'
}

export interface Size {
  height: number
  width: number
  numFrames: number
}

/** No machine of today holds a longer or larger clip of this family; beyond it a typing error is likelier. */
const MAX_FRAMES = 10_000
const MAX_SIZE = 8192
/** Ten times what a prompt of 75 long words takes; the time to read a prompt grows with its length. */
const MAX_PROMPT_LENGTH = 10_000
const MAX_SEED = 2n ** 64n - 1n

/** What all pipelines share. Throws ArgumentError naming value, range and way out. */
export function resolveSettings(
  options: GenerateOptions,
  wanted: Size,
  limits: ModelLimits,
  defaults: Defaults,
  scheduler: string,
): Settings {
  const { guidanceScale = defaults.guidanceScale, guidanceRescale = 0, eta = 0, clipSkip = 0, promptWeights, loop, vaeTiling } = options
  const prompt = promptList(options)
  if (!Number.isFinite(guidanceScale))
    throw new ArgumentError(`guidanceScale is ${guidanceScale}; it must be a finite number, usually 5 to 15`)
  if (!(guidanceRescale >= 0 && guidanceRescale <= 1))
    throw new ArgumentError(`guidanceRescale is ${guidanceRescale}; it must be between 0 and 1`)
  if (!(eta >= 0 && eta <= 1)) throw new ArgumentError(`eta is ${eta}; it must be between 0 and 1`)
  const lastSkip = limits.textLayers - 1
  if (!Number.isInteger(clipSkip) || clipSkip < 0 || clipSkip > lastSkip)
    throw new ArgumentError(`clipSkip is ${clipSkip}; this text encoder allows 0 to ${lastSkip}`)
  const numInferenceSteps = whole('numInferenceSteps', options.numInferenceSteps ?? defaults.numInferenceSteps, 1000)
  return {
    prompt,
    negativePrompt: negativeList(options, prompt.length),
    height: pixels('height', wanted.height, limits.scaleFactor),
    width: pixels('width', wanted.width, limits.scaleFactor),
    numFrames: whole('numFrames', wanted.numFrames, MAX_FRAMES),
    numInferenceSteps,
    guidanceScale,
    ...(guidanceRescale > 0 && { guidanceRescale }),
    ...resolveEvaluations(options, { numInferenceSteps, guidanceScale, upLayers: limits.upLayers }),
    eta,
    seed: resolveSeed(options.seed),
    scheduler,
    clipSkip,
    ...(promptWeights && { promptWeights }),
    ...(loop && { loop }),
    ...(vaeTiling && { vaeTiling }),
    ...(limits.precision !== undefined && limits.precision !== 'float32' && { precision: limits.precision }),
  }
}

function promptList({ prompt, promptEmbeds }: GenerateOptions): string[] {
  if (prompt === undefined && promptEmbeds === undefined)
    throw new ArgumentError('give a prompt (a string or a list of strings), or promptEmbeds')
  if (prompt !== undefined && promptEmbeds !== undefined) throw new ArgumentError('give either prompt or promptEmbeds, not both')
  const prompts = prompt === undefined ? Array.from({ length: promptEmbeds?.shape[0] ?? 0 }, () => '') : [prompt].flat()
  if (prompts.length === 0 || !prompts.every((text) => typeof text === 'string'))
    throw new ArgumentError('prompt must be a string or a list of strings')
  for (const text of prompts) checkLength(text)
  return prompts
}

function negativeList({ negativePrompt = '', negativePromptEmbeds }: GenerateOptions, batch: number): string[] {
  const given = [negativePrompt].flat()
  if (negativePromptEmbeds !== undefined && given.some((text) => text !== ''))
    throw new ArgumentError('give either negativePrompt or negativePromptEmbeds, not both')
  if (given.length !== 1 && given.length !== batch)
    throw new ArgumentError(`negativePrompt has ${given.length} texts for ${batch} prompts; give one, or one for each prompt`)
  for (const text of given) checkLength(text)
  return Array.from({ length: batch }, (_, i) => given[i] ?? given[0]!)
}

function checkLength(text: string): void {
  if (text.length > MAX_PROMPT_LENGTH)
    throw new ArgumentError(
      `a prompt has ${text.length} characters, at most ${MAX_PROMPT_LENGTH} are read; the model follows its first 75 words or so`,
    )
}

function pixels(name: string, value: number, factor: number): number {
  if (Number.isInteger(value) && value >= factor && value <= MAX_SIZE && value % factor === 0) return value
  const below = Math.min(Math.max(1, Math.floor(value / factor) || 1), MAX_SIZE / factor - 1) * factor
  throw new ArgumentError(
    `${name} is ${value}; it must be a multiple of ${factor} up to ${MAX_SIZE}, for example ${below} or ${below + factor}`,
  )
}

/** Adds the share of the schedule that a run from a video takes. Throws ArgumentError when it is out of range or leaves no step. */
export function withStrength(settings: Settings, strength: number): Settings {
  if (!(strength > 0 && strength <= 1)) throw new ArgumentError(`strength is ${strength}; it must be above 0 and at most 1`)
  const resolved = { ...settings, strength }
  if (stepsToRun(resolved) < 1)
    throw new ArgumentError(`strength ${strength} of ${settings.numInferenceSteps} steps leaves none to run; raise one of them`)
  checkInterval(resolved, settings.numInferenceSteps - stepsToRun(resolved))
  return resolved
}

/** Steps at the end of the schedule that are run, in the reference's arithmetic. */
export function stepsToRun({ numInferenceSteps, strength = 1 }: Settings): number {
  return Math.min(Math.trunc(numInferenceSteps * strength), numInferenceSteps)
}

/** `value` when it is a whole number from 1 to `maximum`; throws ArgumentError otherwise. */
export function whole(name: string, value: number, maximum: number): number {
  if (!Number.isInteger(value) || value < 1 || value > maximum)
    throw new ArgumentError(`${name} is ${value}; it must be a whole number from 1 to ${maximum}`)
  return value
}

/** The seed as settings report it; -1 picks one. Throws ArgumentError for what torch would not take. */
function resolveSeed(seed: number | bigint = -1): number | string {
  const exact = typeof seed === 'bigint' || Number.isSafeInteger(seed)
  if (!exact || BigInt(seed) < -1n || BigInt(seed) > MAX_SEED)
    throw new ArgumentError(
      `seed is ${seed}; it must be a whole number from 0 to ${MAX_SEED} (a bigint above 2^53 - 1), or -1 for a random one`,
    )
  if (BigInt(seed) === -1n) return randomSeed()
  return BigInt(seed) <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : String(seed)
}
