// TextToVideoPipeline: prompt -> latents -> frames (ModelScopeT2V, arXiv 2308.06571), as diffusers'
// TextToVideoSDPipeline. Beyond the reference it can continue a given video: the last one of its
// frames is noised and denoised as the new ones (SDEdit, Meng et al. 2021), while the first places are held by the given
// frames, noised anew before each step (as in RePaint, Lugmayr et al. 2022).

import { ArgumentError } from '../errors.ts'
import type { Generator } from '../tensor/random.ts'
import { randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import type { Start } from './denoising.ts'
import { encodeFrames } from './encoding.ts'
import { batchToFrames, firstFrames, framesToBatch, holdLastFrame, repeatBatch } from './latents.ts'
import type { LoadOptions } from './load.ts'
import { loadParts } from './load.ts'
import type { TextToVideoOptions } from './options.ts'
import { DiffusionPipeline } from './pipeline.ts'
import type { Run } from './run.ts'
import { lastTimesteps } from './run.ts'
import type { Settings } from './settings.ts'
import { resolveSettings, whole, withStrength } from './settings.ts'
import { lastFrames, pixelsForEncoder, readFrames } from './video-input.ts'

type Float = Tensor<'float32'>

const DEFAULT_OVERLAP = 4
const CONTINUING_STRENGTH = 0.9

/** Makes videos from prompts, and continues videos; diffusers' TextToVideoSDPipeline. */
export class TextToVideoPipeline extends DiffusionPipeline<TextToVideoOptions> {
  /**
   * Opens a checkpoint folder, or one of the hub's by its name; weights are read when they are first needed.
   * Throws CheckpointError, UnsupportedConfigError.
   */
  static async fromPretrained(model: string, options: LoadOptions = {}): Promise<TextToVideoPipeline> {
    return new TextToVideoPipeline(await loadParts(model, options, 'text-to-video'))
  }

  resolve(options: TextToVideoOptions): Settings {
    const { latents, continueFrom } = options
    const pixels = (latentSize?: number) => (latentSize === undefined ? undefined : latentSize * this.limits.scaleFactor)
    const wanted = {
      height: options.height ?? pixels(latents?.shape[3]) ?? this.defaults.height,
      width: options.width ?? pixels(latents?.shape[4]) ?? this.defaults.width,
      numFrames: options.numFrames ?? latents?.shape[2] ?? this.defaults.numFrames,
    }
    const settings = resolveSettings(options, wanted, this.limits, this.defaults, this.scheduler.className)
    if (continueFrom === undefined) return settings
    if (settings.loop) throw new ArgumentError('a video that continues another cannot loop: leave out loop or continueFrom')
    if (settings.numFrames < 2) throw new ArgumentError('numFrames is 1; a video that continues another needs 2 or more')
    const most = settings.numFrames - 1
    const overlap = whole('overlap', options.overlap ?? Math.min(DEFAULT_OVERLAP, most), most)
    return withStrength({ ...settings, overlap }, options.strength ?? CONTINUING_STRENGTH)
  }

  protected async withFrames(options: TextToVideoOptions): Promise<TextToVideoOptions> {
    const { overlap } = this.resolve(options)
    if (options.continueFrom === undefined || overlap === undefined) return options
    return { ...options, continueFrom: await readFrames(options.continueFrom, { last: overlap, signal: options.signal }) }
  }

  protected async begin(run: Run, options: TextToVideoOptions, generator: Generator): Promise<Start> {
    const { settings, scheduler } = run
    const noise = startingNoise(settings, options.latents, this.limits, generator)
    if (settings.overlap === undefined)
      return { latents: scaled(noise, Math.fround(scheduler.initNoiseSigma)), timesteps: scheduler.timesteps }
    const shown = lastFrames(options.continueFrom as Float, settings.overlap)
    const encoded = repeatBatch(await encodeFrames(run, pixelsForEncoder(shown, settings)), noise.shape[0]!)
    const timesteps = lastTimesteps(run)
    const still = framesToBatch(holdLastFrame(encoded, settings.numFrames))
    const latents = batchToFrames(scheduler.addNoise(still, framesToBatch(noise), [timesteps[0]!]), settings.numFrames)
    return { latents, timesteps, known: { latents: encoded, noise: firstFrames(noise, settings.overlap) } }
  }
}

/** Given or drawn with standard deviation 1: [B, C, F, h, w] */
function startingNoise(
  { prompt, numFrames, height, width }: Settings,
  given: Float | undefined,
  { scaleFactor, latentChannels }: { scaleFactor: number; latentChannels: number },
  generator: Generator,
): Float {
  const shape = [prompt.length, latentChannels, numFrames, height / scaleFactor, width / scaleFactor]
  if (given && given.shape.join() !== shape.join())
    throw new ArgumentError(`latents have the shape [${given.shape.join(', ')}], these settings need [${shape.join(', ')}]`)
  return given ?? randn(shape, generator)
}

function scaled(noise: Float, sigma: number): Float {
  if (sigma === 1) return noise
  const data = noise.data.map((value) => value * sigma)
  return tensor('float32', noise.shape, data)
}
