// What text to video and video to video share: an opened checkpoint, a scheduler, and turns taken one
// generation at a time. Denoising is an async generator; generate() is one consumer of it. The same
// seed gives the same video as diffusers on a CPU in float32. No files are written here.

import type { Preset } from '../checkpoint/presets.ts'
import { presetWarnings } from '../checkpoint/presets.ts'
import { ArgumentError } from '../errors.ts'
import { upLayers } from '../models/index.ts'
import type { Scheduler } from '../schedulers/scheduler.ts'
import type { Generator } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import type { LoadedLora } from './adapters.ts'
import { decodeLatents } from './decoding.ts'
import type { Start } from './denoising.ts'
import { denoiseLatents } from './denoising.ts'
import { concatBatch } from './latents.ts'
import type { Parts } from './load.ts'
import { createLock } from './lock.ts'
import type { Estimator, MemoryEstimate } from './memory.ts'
import { memoryEstimator } from './memory.ts'
import type { MemoryPlan } from './memory-plan.ts'
import { planMemory } from './memory-plan.ts'
import type { ModelFiles } from './model-files.ts'
import type { DenoiseStep, GenerateOptions } from './options.ts'
import type { Run } from './run.ts'
import type { Defaults, ModelLimits, Settings } from './settings.ts'
import { whole } from './settings.ts'

const MAX_VIDEOS = 1000

/** A pipeline's result: B videos, which `saveVideo` writes. */
export interface Video {
  /** RGB in [0, 1], [B, F, H, W, 3]; no elements with outputType `latents`. */
  frames: Tensor<'float32'>
  /** [B, C, F, h, w] */
  latents: Tensor<'float32'>
  /** Effective values, the seed that was used included. */
  settings: Settings
  /** What the user should know: text that was cut off, a prompt that is not English. */
  warnings: string[]
}

/** What both pipelines are: an opened checkpoint that makes videos, one generation at a time. */
export abstract class DiffusionPipeline<Options extends GenerateOptions> {
  /** Replace it to sample differently: `pipe.scheduler = DPMSolverMultistepScheduler.fromConfig(pipe.scheduler.config)`. */
  scheduler: Scheduler
  /** What a generation takes where the options say nothing; may be changed. */
  defaults: Defaults
  readonly limits: ModelLimits
  /** Bytes of the weights in memory: all of them, and the largest component. */
  readonly weightBytes: ModelFiles['weightBytes']
  /** What is known of the checkpoint, when it is a published one. */
  readonly preset: Preset | undefined
  /** The adapters in its weights. */
  readonly loras: readonly LoadedLora[]
  readonly #parts: Parts
  readonly #lock = createLock()
  readonly #estimate: Estimator

  protected constructor(parts: Parts) {
    const { text, unet, vae, weightBytes } = parts.files
    this.#parts = parts
    this.#estimate = memoryEstimator(parts.files, parts.offload)
    this.scheduler = parts.scheduler
    this.defaults = parts.defaults
    this.preset = parts.preset
    this.loras = parts.loras
    this.weightBytes = weightBytes
    this.limits = {
      scaleFactor: vae.scaleFactor,
      latentChannels: vae.latentChannels,
      textLayers: text.numHiddenLayers,
      upLayers: upLayers(unet),
      precision: parts.precision,
    }
  }

  /** Effective settings for these options, without running anything. Throws ArgumentError. */
  abstract resolve(options: Options): Settings

  /** The same options with the video that they name read into memory. */
  protected abstract withFrames(options: Options): Promise<Options>

  /** Where denoising begins; the generator is at its beginning. */
  protected abstract begin(run: Run, options: Options, generator: Generator): Promise<Start>

  /** How a generation with these settings stays within its memory. Throws ArgumentError when it cannot stay below `memoryLimit`. */
  planMemory(settings: Settings): MemoryPlan {
    return planMemory(settings, this.#estimate, this.#parts.budget)
  }

  /** About how much memory a generation with these settings takes. */
  estimateMemory(settings: Settings): MemoryEstimate {
    return this.planMemory(settings).estimate
  }

  /** Denoises step by step. Leaving the loop early stops the work after the current step. */
  async *denoise(given: Options): AsyncGenerator<DenoiseStep, void, undefined> {
    const options = await this.withFrames(given)
    const run = this.#run(options, options.onWarning ?? (() => {}))
    const release = await this.#lock.acquire(options.signal)
    try {
      yield* denoiseLatents(run, (generator) => this.begin(run, options, generator))
    } finally {
      release()
    }
  }

  /** Generates a video (or several). Rejects with the signal's reason on abort; the pipeline stays usable. */
  async generate(given: Options): Promise<Video> {
    const options = await this.withFrames(given)
    if (options.numVideosPerPrompt === undefined) return this.#generateBatch(options)
    return this.#generateSeveral(options, whole('numVideosPerPrompt', options.numVideosPerPrompt, MAX_VIDEOS))
  }

  async #generateBatch(options: Options): Promise<Video> {
    const warnings: string[] = []
    const run = this.#run(options, (message) => {
      if (warnings.includes(message)) return
      warnings.push(message)
      options.onWarning?.(message)
    })
    for (const message of this.preset ? presetWarnings(this.preset, run.settings) : []) run.warn(message)
    const release = await this.#lock.acquire(options.signal)
    try {
      let latents = tensor('float32', [0])
      for await (const step of denoiseLatents(run, (generator) => this.begin(run, options, generator))) latents = step.latents
      const frames = options.outputType === 'latents' ? tensor('float32', [0]) : await decodeLatents(run, latents)
      return { frames, latents, settings: run.settings, warnings }
    } finally {
      release()
    }
  }

  /** One video after the other, prompt by prompt, each with a seed of its own. */
  async #generateSeveral(options: Options, each: number): Promise<Video> {
    const settings = this.resolve(options)
    if (options.promptEmbeds) throw new ArgumentError('numVideosPerPrompt goes with prompts, not with promptEmbeds')
    const videos: Video[] = []
    for (const [row, prompt] of settings.prompt.entries())
      for (let i = 0; i < each; i++) {
        const seed = BigInt.asUintN(64, BigInt(settings.seed) + BigInt(videos.length))
        videos.push(await this.#generateBatch({ ...options, prompt, negativePrompt: settings.negativePrompt[row], seed }))
      }
    const join = (part: 'frames' | 'latents') => concatBatch(videos.map((video) => video[part]))
    const frames = options.outputType === 'latents' ? tensor('float32', [0]) : join('frames')
    const warnings = [...new Set(videos.flatMap((video) => video.warnings))]
    return { frames, latents: join('latents'), settings: { ...settings, numVideosPerPrompt: each }, warnings }
  }

  /** Peak resident memory of the engine's process in bytes, where the system tells. */
  peakMemory(): Promise<number | undefined> {
    return this.#parts.engine.peakMemory()
  }

  /** Operating system's process that holds the models while there is one. */
  get enginePid(): number | undefined {
    return this.#parts.engine.pid
  }

  /** Ends the engine process. The pipeline may be used again; it then starts a new one. */
  async dispose(): Promise<void> {
    await this.#parts.engine.dispose()
  }

  #run(options: Options, warn: (message: string) => void): Run {
    const { files, sessions } = this.#parts
    const resolved = this.resolve(options)
    const plan = this.planMemory(resolved)
    // Tiles change pixels, so the settings tell of them.
    const settings: Settings = plan.tiles ? { ...resolved, vaeTiling: true } : resolved
    return { files, sessions, scheduler: this.scheduler, options, settings, plan, warn }
  }
}
