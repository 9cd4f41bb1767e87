// VideoToVideoPipeline: a video and a prompt -> another video (SDEdit, Meng et al. 2021, arXiv
// 2108.01073), as diffusers' VideoToVideoSDPipeline: the frames' latents are noised part of the way and
// denoised from there. The way to upscale with zeroscope_v2_XL, and to redraw any video.

import { ArgumentError } from '../errors.ts'
import type { Generator } from '../tensor/random.ts'
import { randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Start } from './denoising.ts'
import { encodeFrames } from './encoding.ts'
import { batchToFrames, framesToBatch, repeatBatch } from './latents.ts'
import type { LoadOptions } from './load.ts'
import { loadParts } from './load.ts'
import type { VideoToVideoOptions } from './options.ts'
import { DiffusionPipeline } from './pipeline.ts'
import type { Run } from './run.ts'
import { lastTimesteps } from './run.ts'
import type { Settings, Size } from './settings.ts'
import { resolveSettings, withStrength } from './settings.ts'
import { pixelsForEncoder, readFrames, sizeOf } from './video-input.ts'

type Float = Tensor<'float32'>

/** Redraws a video after a prompt; diffusers' VideoToVideoSDPipeline. */
export class VideoToVideoPipeline extends DiffusionPipeline<VideoToVideoOptions> {
  /**
   * Opens a checkpoint folder, or one of the hub's by its name; weights are read when they are first needed.
   * Throws CheckpointError, UnsupportedConfigError.
   */
  static async fromPretrained(model: string, options: LoadOptions = {}): Promise<VideoToVideoPipeline> {
    return new VideoToVideoPipeline(await loadParts(model, options, 'video-to-video'))
  }

  /** The video must be in memory here; generate() also takes a path. */
  resolve(options: VideoToVideoOptions): Settings {
    const { strength = this.defaults.strength } = options
    const settings = resolveSettings(options, this.#size(options), this.limits, this.defaults, this.scheduler.className)
    return withStrength(settings, strength)
  }

  #size({ video, latents, height, width }: VideoToVideoOptions): Size {
    const { scaleFactor } = this.limits
    if ((video === undefined) === (latents === undefined)) throw new ArgumentError('give a video, or the latents of one')
    if (typeof video === 'string') throw new ArgumentError('the settings follow from the frames: read the video first')
    if (video) return sizeOf(video, scaleFactor, { height, width })
    const [, , numFrames = 0, h = 0, w = 0] = latents!.shape
    if (latents!.shape.length !== 5 || latents!.shape[1] !== this.limits.latentChannels)
      throw new ArgumentError(`latents are [${latents!.shape.join(', ')}]; they must be [B, ${this.limits.latentChannels}, F, h, w]`)
    return { height: height ?? h * scaleFactor, width: width ?? w * scaleFactor, numFrames }
  }

  protected async withFrames(options: VideoToVideoOptions): Promise<VideoToVideoOptions> {
    if (options.video === undefined) return options
    return { ...options, video: await readFrames(options.video, { signal: options.signal }) }
  }

  protected async begin(run: Run, options: VideoToVideoOptions, generator: Generator): Promise<Start> {
    const { settings } = run
    const timesteps = lastTimesteps(run)
    const clean = options.latents ?? (await encodeFrames(run, pixelsForEncoder(options.video as Float, settings), generator))
    const noised = addNoise(run, clean, timesteps[0]!, generator)
    return { latents: repeatBatch(noised, settings.prompt.length), timesteps }
  }
}

/** [B, C, F, h, w], noised as the reference does: drawn with the frames in the batch axis. */
function addNoise({ scheduler }: Run, clean: Float, timestep: number, generator: Generator): Float {
  const rows = framesToBatch(clean)
  const noised = scheduler.addNoise(rows, randn(rows.shape, generator), [timestep])
  return batchToFrames(noised, clean.shape[2]!)
}
