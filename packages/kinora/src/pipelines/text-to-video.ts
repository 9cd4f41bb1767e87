// TextToVideoPipeline: prompt -> latents -> frames (ModelScopeT2V, arXiv 2308.06571). The same seed
// gives the same video as diffusers' TextToVideoSDPipeline on a CPU in float32. Denoising is an async
// generator; generate() is one consumer of it. No files are written here.

import { schedulerFromConfig } from '../schedulers/index.ts'
import type { Scheduler } from '../schedulers/scheduler.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { decodeLatents } from './decoding.ts'
import type { DenoiseStep } from './denoising.ts'
import { denoiseLatents } from './denoising.ts'
import type { LoadOptions, Parts } from './load.ts'
import { loadParts } from './load.ts'
import { createLock } from './lock.ts'
import type { MemoryEstimate } from './memory.ts'
import { estimateMemory } from './memory.ts'
import type { ModelFiles } from './model-files.ts'
import type { DenoiseOptions, GenerateOptions, ModelLimits, Settings } from './options.ts'
import { resolveSettings } from './options.ts'
import type { Run } from './run.ts'

/** Latent height and width of the whole family, for a config that names none. */
const DEFAULT_SAMPLE_SIZE = 32

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

export class TextToVideoPipeline {
  /** Replace it to sample differently: `pipe.scheduler = DPMSolverMultistepScheduler.fromConfig(pipe.scheduler.config)`. */
  scheduler: Scheduler
  readonly limits: ModelLimits
  /** Bytes of the weights in memory: all of them, and the largest component. */
  readonly weightBytes: ModelFiles['weightBytes']
  readonly #parts: Parts
  readonly #lock = createLock()

  private constructor(parts: Parts) {
    const { checkpoint, text, unet, vae, weightBytes } = parts.files
    const native = (unet.sampleSize ?? DEFAULT_SAMPLE_SIZE) * vae.scaleFactor
    this.#parts = parts
    this.scheduler = schedulerFromConfig(checkpoint.configs.scheduler)
    this.weightBytes = weightBytes
    this.limits = {
      defaultHeight: native,
      defaultWidth: native,
      scaleFactor: vae.scaleFactor,
      latentChannels: vae.latentChannels,
      textLayers: text.numHiddenLayers,
    }
  }

  /** Opens a checkpoint folder; weights are read when they are first needed. Throws CheckpointError, UnsupportedConfigError. */
  static async fromPretrained(folder: string, options: LoadOptions = {}): Promise<TextToVideoPipeline> {
    return new TextToVideoPipeline(await loadParts(folder, options))
  }

  /** Effective settings for these options, without running anything. Throws ArgumentError. */
  resolve(options: DenoiseOptions): Settings {
    return resolveSettings(options, this.limits, this.scheduler.className)
  }

  /** About how much memory a generation with these settings takes. */
  estimateMemory(settings: Settings): MemoryEstimate {
    const { files, offload } = this.#parts
    return estimateMemory(settings, { ...files, offload })
  }

  /** Denoises step by step. Leaving the loop early stops the work after the current step. */
  async *denoise(options: DenoiseOptions): AsyncGenerator<DenoiseStep, void, undefined> {
    const run = this.#run(options, options.onWarning ?? (() => {}))
    const release = await this.#lock.acquire(options.signal)
    try {
      yield* denoiseLatents(run, this.limits)
    } finally {
      release()
    }
  }

  /** Generates a video (or a batch). Rejects with the signal's reason on abort; the pipeline stays usable. */
  async generate(options: GenerateOptions): Promise<Video> {
    const warnings: string[] = []
    const run = this.#run(options, (message) => {
      if (warnings.includes(message)) return
      warnings.push(message)
      options.onWarning?.(message)
    })
    const release = await this.#lock.acquire(options.signal)
    try {
      let latents = tensor('float32', [0])
      for await (const step of denoiseLatents(run, this.limits)) latents = step.latents
      const frames = options.outputType === 'latents' ? tensor('float32', [0]) : await decodeLatents(run, latents)
      return { frames, latents, settings: run.settings, warnings }
    } finally {
      release()
    }
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

  #run(options: GenerateOptions, warn: (message: string) => void): Run {
    const { files, sessions } = this.#parts
    return { files, sessions, scheduler: this.scheduler, options, settings: this.resolve(options), warn }
  }
}
