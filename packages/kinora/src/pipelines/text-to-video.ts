// TextToVideoPipeline: prompt -> latents -> frames (ModelScopeT2V, arXiv 2308.06571). The same seed
// gives the same video as diffusers' TextToVideoSDPipeline on a CPU in float32. Denoising is an async
// generator; generate() is one consumer of it. No files are written here.

import { openEngine } from '#engine'
import { openCheckpoint } from '../checkpoint/open.ts'
import { ArgumentError } from '../errors.ts'
import { buildUNet3D, buildVaeDecoder } from '../models/index.ts'
import { chooseDevice } from '../runtime/devices.ts'
import type { Engine, Feeds, Session, SessionOptions } from '../runtime/engine.ts'
import { schedulerFromConfig } from '../schedulers/index.ts'
import type { Scheduler } from '../schedulers/scheduler.ts'
import { Generator, randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { batchToFrames, concatBatch, frameLatents, framesToBatch, guide, writeFrame } from './latents.ts'
import { createLock } from './lock.ts'
import type { MemoryEstimate } from './memory.ts'
import { estimateMemory } from './memory.ts'
import type { ModelFiles } from './model-files.ts'
import { parseModelFiles } from './model-files.ts'
import type { DenoiseOptions, GenerateOptions, ModelLimits, Progress, Settings } from './options.ts'
import { resolveSettings } from './options.ts'
import type { Sessions } from './sessions.ts'
import { openSessions } from './sessions.ts'
import type { TextEncoding } from './text-encoding.ts'
import { encodeTexts, promptContext, withUnconditional } from './text-encoding.ts'

/** Above this the components are loaded one after the other. */
const OFFLOAD_ABOVE_BYTES = 2 ** 31

export interface LoadOptions {
  /** `fp16` reads `*.fp16.safetensors`. */
  variant?: string
  /** auto, cpu, webgpu, cuda, coreml or dml. Default auto. */
  device?: string
  /** Arithmetic of the models; float32 is the one there is so far, whatever the files hold. Default auto. */
  precision?: 'auto' | 'float32'
  /** Threads of one operator; default the physical cores. */
  threads?: number
  /** Keep only the component in memory that is at work. Default: when the weights exceed 2 GiB. */
  offload?: boolean
  /** Run the models in this process instead of a child: blocks the event loop. Default false. */
  inProcess?: boolean
}

export interface DenoiseStep {
  /** Steps done, out of `total`. */
  step: number
  total: number
  timestep: number
  /** [B, C, F, h, w] after this step. */
  latents: Tensor<'float32'>
}

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
  readonly #files: ModelFiles
  readonly #engine: Engine
  readonly #sessions: Sessions
  readonly #offload: boolean
  readonly #lock = createLock()

  private constructor(files: ModelFiles, engine: Engine, sessions: Sessions, offload: boolean) {
    const { checkpoint, text, unet, vae } = files
    const native = (unet.sampleSize ?? 32) * vae.scaleFactor
    this.#files = files
    this.#engine = engine
    this.#sessions = sessions
    this.#offload = offload
    this.scheduler = schedulerFromConfig(checkpoint.configs.scheduler)
    this.weightBytes = files.weightBytes
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
    const { variant, device = 'auto', precision = 'auto', threads, inProcess = false } = options
    if (precision !== 'auto' && precision !== 'float32') throw new ArgumentError(`precision is "${precision}"; use auto or float32`)
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
      throw new ArgumentError(`threads is ${threads}; it must be 1 or more`)
    const sessionOptions: SessionOptions = { device: chooseDevice(device), ...(threads === undefined ? {} : { threads }) }
    const files = parseModelFiles(await openCheckpoint(folder, variant === undefined ? {} : { variant }))
    const engine = openEngine({ inProcess })
    const offload = options.offload ?? files.weightBytes.total > OFFLOAD_ABOVE_BYTES
    return new TextToVideoPipeline(files, engine, openSessions(engine, sessionOptions, offload), offload)
  }

  /** Effective settings for these options, without running anything. Throws ArgumentError. */
  resolve(options: DenoiseOptions): Settings {
    return resolveSettings(options, this.limits, this.scheduler.className)
  }

  /** About how much memory a generation with these settings takes. */
  estimateMemory(settings: Settings): MemoryEstimate {
    const { unet, vae, weightBytes } = this.#files
    return estimateMemory(settings, { unet, vae, weightBytes, offload: this.#offload })
  }

  /** Denoises step by step. Leaving the loop early stops the work after the current step. */
  async *denoise(options: DenoiseOptions): AsyncGenerator<DenoiseStep, void, undefined> {
    yield* this.#locked(this.#denoise(options, this.resolve(options), options.onWarning ?? (() => {})))
  }

  /** Generates a video (or a batch). Rejects with the signal's reason on abort; the pipeline stays usable. */
  async generate(options: GenerateOptions): Promise<Video> {
    const settings = this.resolve(options)
    const warnings: string[] = []
    const warn = (message: string) => {
      if (warnings.includes(message)) return
      warnings.push(message)
      options.onWarning?.(message)
    }
    return this.#lock.run(async () => {
      let latents: Tensor<'float32'> | undefined
      for await (const step of this.#denoise(options, settings, warn)) latents = step.latents
      const [batch, , count] = latents!.shape as [number, number, number]
      const { height, width } = settings
      const frames = options.outputType === 'latents' ? tensor('float32', [0]) : tensor('float32', [batch, count, height, width, 3])
      if (options.outputType !== 'latents') await this.#decode(latents!, frames, options)
      return { frames, latents: latents!, settings, warnings }
    })
  }

  /** Peak resident memory of the engine's process in bytes, where the system tells. */
  peakMemory(): Promise<number | undefined> {
    return this.#engine.peakMemory()
  }

  /** Operating system's process that holds the models while there is one. */
  get enginePid(): number | undefined {
    return this.#engine.pid
  }

  /** Ends the engine process. The pipeline may be used again; it then starts a new one. */
  async dispose(): Promise<void> {
    await this.#engine.dispose()
  }

  async *#locked(steps: AsyncGenerator<DenoiseStep, void, undefined>): AsyncGenerator<DenoiseStep, void, undefined> {
    const release = await this.#lock.acquire()
    try {
      yield* steps
    } finally {
      release()
    }
  }

  async *#denoise(
    options: DenoiseOptions,
    settings: Settings,
    warn: (message: string) => void,
  ): AsyncGenerator<DenoiseStep, void, undefined> {
    const { signal } = options
    const scheduler = this.scheduler
    scheduler.setTimesteps(settings.numInferenceSteps)
    const prompt = await this.#encode(options, settings, warn)
    const generator = new Generator(BigInt(settings.seed))
    let latents = this.#startingLatents(options, settings, generator)
    const guided = settings.guidanceScale > 1
    const unet = await this.#openUNet(latents.shape, prompt, guided, options)
    const total = scheduler.timesteps.length
    report(options, { phase: 'denoising', step: 0, total })
    try {
      for (const [index, timestep] of scheduler.timesteps.entries()) {
        const predicted = await predictNoise(unet, scheduler.scaleModelInput(latents, timestep), timestep, settings.guidanceScale, signal)
        const stepped = scheduler.step(framesToBatch(predicted), timestep, framesToBatch(latents), { eta: settings.eta, generator })
        latents = batchToFrames(stepped, settings.numFrames)
        report(options, { phase: 'denoising', step: index + 1, total })
        yield { step: index + 1, total, timestep, latents }
      }
    } finally {
      await this.#sessions.done('unet')
    }
  }

  /** The UNet's cross-attention feeds, for one or (guided) two rows per video. */
  async #encode(options: DenoiseOptions, settings: Settings, warn: (message: string) => void): Promise<Feeds> {
    const { checkpoint, tokenizer, text, unet } = this.#files
    const encoding: TextEncoding = { checkpoint, tokenizer, config: text, sessions: this.#sessions, signal: options.signal, warn }
    report(options, { phase: 'encoding prompt', step: 0, total: 1 })
    const guided = settings.guidanceScale > 1
    const conditional = options.promptEmbeds ?? (await encodeTexts(settings.prompt, settings.clipSkip, encoding))
    // The reference skips layers for the prompt only.
    const negative = guided ? (options.negativePromptEmbeds ?? (await encodeTexts(settings.negativePrompt, 0, encoding))) : undefined
    await this.#sessions.done('text_encoder')
    const feeds = await promptContext(withUnconditional(negative, conditional), unet, encoding)
    report(options, { phase: 'encoding prompt', step: 1, total: 1 })
    return feeds
  }

  #startingLatents({ latents }: DenoiseOptions, settings: Settings, generator: Generator): Tensor<'float32'> {
    const { scaleFactor, latentChannels } = this.limits
    const { prompt, numFrames, height, width } = settings
    const shape = [prompt.length, latentChannels, numFrames, height / scaleFactor, width / scaleFactor]
    if (latents && latents.shape.join() !== shape.join())
      throw new ArgumentError(`latents have the shape [${latents.shape}], these settings need [${shape}]`)
    const noise = latents ?? randn(shape, generator)
    const sigma = Math.fround(this.scheduler.initNoiseSigma)
    return sigma === 1
      ? noise
      : tensor(
          'float32',
          shape,
          noise.data.map((value) => value * sigma),
        )
  }

  async #openUNet(latentShape: readonly number[], prompt: Feeds, guided: boolean, options: DenoiseOptions): Promise<Session> {
    const { checkpoint, unet } = this.#files
    const [batch, , frames, height, width] = latentShape as [number, number, number, number, number]
    const tokens = Object.values(prompt)[0]!.shape[1]!
    const shape = { batch: guided ? batch * 2 : batch, frames, height, width, tokens }
    const key = JSON.stringify(shape)
    if (!this.#sessions.has('unet', key)) report(options, { phase: 'loading', step: 0, total: 1 })
    const session = await this.#sessions.get('unet', key, () => buildUNet3D(checkpoint.weights('unet'), unet, shape), options.signal)
    await session.hold(prompt)
    return session
  }

  /** Frame by frame, so that memory does not grow with the number of frames. */
  async #decode(latents: Tensor<'float32'>, frames: Tensor<'float32'>, options: GenerateOptions): Promise<void> {
    const { checkpoint, vae } = this.#files
    const [batch, , count, height, width] = latents.shape as [number, number, number, number, number]
    const total = batch * count
    report(options, { phase: 'decoding', step: 0, total })
    const build = () => buildVaeDecoder(checkpoint.weights('vae'), vae, { batch: 1, height, width })
    const session = await this.#sessions.get('vae_decoder', `${height}x${width}`, build, options.signal)
    for (let index = 0; index < total; index++) {
      const frame = frameLatents(latents, Math.floor(index / count), index % count)
      const { image } = await session.run({ latents: frame }, options.signal)
      writeFrame(image as Tensor<'float32'>, frames, index)
      report(options, { phase: 'decoding', step: index + 1, total })
    }
    await this.#sessions.done('vae_decoder')
  }
}

/** The model's output [B, C, F, h, w], guided when the scale is above 1: then both halves run as one batch. */
async function predictNoise(unet: Session, input: Tensor<'float32'>, timestep: number, scale: number, signal: AbortSignal | undefined) {
  const guided = scale > 1
  const sample = guided ? concatBatch([input, input]) : input
  const times = tensor('float32', [sample.shape[0]!], new Float32Array(sample.shape[0]!).fill(timestep))
  const { out_sample } = await unet.run({ sample, timestep: times }, signal)
  return guided ? guide(out_sample as Tensor<'float32'>, scale) : (out_sample as Tensor<'float32'>)
}

function report({ onProgress, signal }: DenoiseOptions, progress: Progress): void {
  signal?.throwIfAborted()
  onProgress?.(progress)
}
