// What a user may ask of a generation, with the reference's names (camelCase). Types only: defaults and
// checks are settings.ts. diffusers: TextToVideoSDPipeline and VideoToVideoSDPipeline, __call__.

import type { Tensor } from '../tensor/tensor.ts'

/** What a pipeline is doing. */
export type Phase = 'downloading' | 'quantizing' | 'loading' | 'encoding prompt' | 'encoding frames' | 'denoising' | 'decoding'

/** How far a phase is. */
export interface Progress {
  phase: Phase
  /** Steps, frames or bytes done in this phase, out of `total`. */
  step: number
  total: number
}

/** The state after one step of denoising. */
export interface DenoiseStep {
  /** Steps done, out of `total`. */
  step: number
  total: number
  timestep: number
  /** [B, C, F, h, w] after this step. */
  latents: Tensor<'float32'>
}

/** RGB frames in [0, 1], [F, H, W, 3] or a batch [B, F, H, W, 3]; or the path of a video file, or of a folder of pictures. */
export type VideoInput = Tensor<'float32'> | string

/** What every pipeline takes. */
export interface GenerateOptions {
  /** One prompt or one for each video of the batch; not needed with promptEmbeds. */
  prompt?: string | readonly string[]
  /** What to steer away from; used when guidanceScale is above 1. Default ''. */
  negativePrompt?: string | readonly string[]
  /** Default 50, or what suits the model. */
  numInferenceSteps?: number
  /** Classifier-free guidance (Ho & Salimans 2022); 1 and below turns it off. Default 9, for video to video 15. */
  guidanceScale?: number
  /** Takes back the contrast that guidance adds, 0 to 1 (Lin et al. 2023, section 3.4). Default 0. */
  guidanceRescale?: number
  /**
   * Guides only the steps in this part of the schedule, [start, end] within 0 to 1 (Kynkäänniemi et al. 2024); the others take half
   * the work. Another result, in another memory: the halves of a guided step run one after the other. Default [0, 1].
   */
  guidanceInterval?: readonly [number, number]
  /**
   * Runs the whole UNet at every n-th evaluation only; those between take its deep features from the last whole one (DeepCache, Ma et
   * al. 2023). Faster, and another result. Default 1, which is off.
   */
  cacheInterval?: number
  /** With cacheInterval: up layers (and the down layers that feed them) that every evaluation computes. Default 1. */
  cacheDepth?: number
  /** DDIM's eta in [0, 1]. Default 0. */
  eta?: number
  /** Start of torch's CPU generator, 0 .. 2^64 - 1; -1 or absent picks one, which the result reports. */
  seed?: number | bigint
  /** Text encoder output [B, T, C], instead of a prompt. */
  promptEmbeds?: Tensor<'float32'>
  negativePromptEmbeds?: Tensor<'float32'>
  /** Layers of the text encoder to leave out at the end, for the prompt only as in the reference. Default 0. */
  clipSkip?: number
  /** Reads `(word:1.3)` as a weight instead of as text. Default false. */
  promptWeights?: boolean
  /** Makes the last frame lead to the first: the model sees the frames as a ring. Default false. */
  loop?: boolean
  /** Videos of each prompt, made one after the other; video i of the result has the seed `seed + i`. Default: one batch from one seed. */
  numVideosPerPrompt?: number
  /** Encodes and decodes pictures that are larger than the autoencoder's own size in overlapping tiles: less memory, pixels differ a little. Default false. */
  vaeTiling?: boolean
  /** `latents` skips the decoder: the video then has no frames. Default `frames`. */
  outputType?: 'frames' | 'latents'
  /** Called after each step; latents that it returns take the place of its own. */
  callbackOnStepEnd?: (step: DenoiseStep) => Tensor<'float32'> | undefined | Promise<Tensor<'float32'> | undefined>
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Called as soon as there is something that the user should know; `Video.warnings` has them all. */
  onWarning?: (message: string) => void
}

/** A video from a prompt, or one that continues another. */
export interface TextToVideoOptions extends GenerateOptions {
  /** Pixels, multiples of the autoencoder's factor (8). Default: the model's own size. */
  height?: number
  width?: number
  /** Default 16, or what suits the model. */
  numFrames?: number
  /** Starting noise [B, C, F, h, w], instead of drawing it from the seed. */
  latents?: Tensor<'float32'>
  /** A video to continue: its last frames become the first frames of this one. */
  continueFrom?: VideoInput
  /** How many frames of `continueFrom` to begin with. Default 4, at most numFrames - 1. */
  overlap?: number
  /** How far the new frames may leave the last given one, 0 to 1: 1 begins with pure noise. Default 0.9. */
  strength?: number
}

/** A video redrawn after a prompt. */
export interface VideoToVideoOptions extends GenerateOptions {
  /** The video to start from. */
  video?: VideoInput
  /** The video's latents [B, C, F, h, w], instead of `video`. */
  latents?: Tensor<'float32'>
  /** Pixels, multiples of 8; the video is resized. Default: the video's own size, rounded down. */
  height?: number
  width?: number
  /** How much of the noise schedule to run, 0 to 1: 1 forgets the video. Default 0.6. */
  strength?: number
}
