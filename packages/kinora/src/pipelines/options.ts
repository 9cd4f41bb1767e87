// What a user may ask of a text-to-video generation, with the reference's names (camelCase) and
// defaults, and the effective settings that come of it. Everything is checked here, before any model
// is loaded. diffusers: TextToVideoSDPipeline.__call__.

import { ArgumentError } from '../errors.ts'
import { randomSeed } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'

export type Phase = 'loading' | 'encoding prompt' | 'denoising' | 'decoding'

export interface Progress {
  phase: Phase
  /** Steps or frames done in this phase, out of `total`. */
  step: number
  total: number
}

export interface DenoiseOptions {
  /** One prompt or one for each video of the batch; not needed with promptEmbeds. */
  prompt?: string | readonly string[]
  /** What to steer away from; used when guidanceScale is above 1. Default ''. */
  negativePrompt?: string | readonly string[]
  /** Pixels, multiples of the autoencoder's factor (8). Default: the checkpoint's sample_size times that factor. */
  height?: number
  width?: number
  /** Default 16. */
  numFrames?: number
  /** Default 50. */
  numInferenceSteps?: number
  /** Classifier-free guidance (Ho & Salimans 2022); 1 and below turns it off. Default 9. */
  guidanceScale?: number
  /** DDIM's eta in [0, 1]. Default 0. */
  eta?: number
  /** Start of torch's CPU generator, 0 .. 2^64 - 1; -1 or absent picks one, which the result reports. */
  seed?: number | bigint
  /** Starting noise [B, C, F, h, w], instead of drawing it from the seed. */
  latents?: Tensor<'float32'>
  /** Text encoder output [B, T, C], instead of a prompt. */
  promptEmbeds?: Tensor<'float32'>
  negativePromptEmbeds?: Tensor<'float32'>
  /** Layers of the text encoder to leave out at the end, for the prompt only as in the reference. Default 0. */
  clipSkip?: number
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Called as soon as there is something that the user should know; `Video.warnings` has them all. */
  onWarning?: (message: string) => void
}

export interface GenerateOptions extends DenoiseOptions {
  /** `latents` skips the decoder: the video then has no frames. Default `frames`. */
  outputType?: 'frames' | 'latents'
}

/** What a checkpoint fixes. */
export interface ModelLimits {
  defaultHeight: number
  defaultWidth: number
  /** Pixels per latent. */
  scaleFactor: number
  latentChannels: number
  /** Layers of the text encoder. */
  textLayers: number
}

/** The effective values of one generation; written into the video's metadata as they are. */
export interface Settings {
  prompt: string[]
  negativePrompt: string[]
  height: number
  width: number
  numFrames: number
  numInferenceSteps: number
  guidanceScale: number
  eta: number
  /** A string when it is beyond 2^53 - 1. */
  seed: number | string
  scheduler: string
  clipSkip: number
}

/** No machine of today holds a longer or larger clip of this family; beyond it a typing error is likelier. */
const MAX_FRAMES = 10_000
const MAX_SIZE = 8192
const MAX_SEED = 2n ** 64n - 1n

/** Fills defaults and checks ranges. Throws ArgumentError naming value, range and way out. */
export function resolveSettings(options: DenoiseOptions, limits: ModelLimits, scheduler: string): Settings {
  const { guidanceScale = 9, eta = 0, clipSkip = 0 } = options
  const prompt = promptList(options)
  const pixels = (latentSize?: number) => (latentSize === undefined ? undefined : latentSize * limits.scaleFactor)
  if (!Number.isFinite(guidanceScale))
    throw new ArgumentError(`guidanceScale is ${guidanceScale}; it must be a finite number, usually 5 to 15`)
  if (!(eta >= 0 && eta <= 1)) throw new ArgumentError(`eta is ${eta}; it must be between 0 and 1`)
  const lastSkip = limits.textLayers - 1
  if (!Number.isInteger(clipSkip) || clipSkip < 0 || clipSkip > lastSkip)
    throw new ArgumentError(`clipSkip is ${clipSkip}; this text encoder allows 0 to ${lastSkip}`)
  return {
    prompt,
    negativePrompt: negativeList(options, prompt.length),
    height: size('height', options.height ?? pixels(options.latents?.shape[3]) ?? limits.defaultHeight, limits.scaleFactor),
    width: size('width', options.width ?? pixels(options.latents?.shape[4]) ?? limits.defaultWidth, limits.scaleFactor),
    numFrames: whole('numFrames', options.numFrames ?? options.latents?.shape[2] ?? 16, MAX_FRAMES),
    numInferenceSteps: whole('numInferenceSteps', options.numInferenceSteps ?? 50, 1000),
    guidanceScale,
    eta,
    seed: resolveSeed(options.seed),
    scheduler,
    clipSkip,
  }
}

function promptList({ prompt, promptEmbeds }: DenoiseOptions): string[] {
  if (prompt === undefined && promptEmbeds === undefined)
    throw new ArgumentError('give a prompt (a string or a list of strings), or promptEmbeds')
  if (prompt !== undefined && promptEmbeds !== undefined) throw new ArgumentError('give either prompt or promptEmbeds, not both')
  const prompts = prompt === undefined ? Array.from({ length: promptEmbeds?.shape[0] ?? 0 }, () => '') : [prompt].flat()
  if (prompts.length === 0 || !prompts.every((text) => typeof text === 'string'))
    throw new ArgumentError('prompt must be a string or a list of strings')
  return prompts
}

function negativeList({ negativePrompt = '', negativePromptEmbeds }: DenoiseOptions, batch: number): string[] {
  const given = [negativePrompt].flat()
  if (negativePromptEmbeds !== undefined && given.some((text) => text !== ''))
    throw new ArgumentError('give either negativePrompt or negativePromptEmbeds, not both')
  if (given.length !== 1 && given.length !== batch)
    throw new ArgumentError(`negativePrompt has ${given.length} texts for ${batch} prompts; give one, or one for each prompt`)
  return Array.from({ length: batch }, (_, i) => given[i] ?? given[0]!)
}

function size(name: string, value: number, factor: number): number {
  if (Number.isInteger(value) && value >= factor && value <= MAX_SIZE && value % factor === 0) return value
  const below = Math.min(Math.max(1, Math.floor(value / factor) || 1), MAX_SIZE / factor - 1) * factor
  throw new ArgumentError(
    `${name} is ${value}; it must be a multiple of ${factor} up to ${MAX_SIZE}, for example ${below} or ${below + factor}`,
  )
}

function whole(name: string, value: number, maximum: number): number {
  if (!Number.isInteger(value) || value < 1 || value > maximum)
    throw new ArgumentError(`${name} is ${value}; it must be a whole number from 1 to ${maximum}`)
  return value
}

function resolveSeed(seed: number | bigint = -1): number | string {
  const exact = typeof seed === 'bigint' || Number.isSafeInteger(seed)
  if (!exact || BigInt(seed) < -1n || BigInt(seed) > MAX_SEED)
    throw new ArgumentError(
      `seed is ${seed}; it must be a whole number from 0 to ${MAX_SEED} (a bigint above 2^53 - 1), or -1 for a random one`,
    )
  if (BigInt(seed) === -1n) return randomSeed()
  return BigInt(seed) <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : String(seed)
}
