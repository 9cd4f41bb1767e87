// Reads a video file, or a folder of frames, back into a float tensor: for tests, for upscaling and
// for video-to-video. Files are untrusted; the limits hold before frames are kept.

import { resolve } from 'node:path'
import { MediaError } from '../errors.ts'
import { type Tensor, tensorFromBytes } from '../tensor/tensor.ts'
import { BackendMissing } from './backend.ts'
import { type BackendChoice, backendsFor, withBackend } from './backends.node.ts'
import { outputForm } from './form.node.ts'
import { framesFromBytes } from './frames.ts'
import { readMetadata, withSource } from './metadata.node.ts'
import { fileMetadata, locateFrames } from './safetensors-read.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Program for mp4 and webm, as in `saveVideo`. */
  readonly backend?: BackendChoice
  /** A longer video is refused. Default 2000. */
  readonly maxFrames?: number
}

export interface VideoFrames {
  /** [F, H, W, 3], RGB in [0, 1]. */
  readonly frames: Tensor<'float32'>
  /** 8 where the form stores none. */
  readonly fps: number
  readonly width: number
  readonly height: number
}

/** All frames together, as 8-bit RGB. */
const MAX_BYTES = 2 ** 31 - 1
const DEFAULT_FPS = 8

/**
 * Reads .mp4, .webm, .gif, .webp, a folder of PNG frames, or the `frames` tensor of a .safetensors
 * file. Throws ArgumentError for an unknown extension, MediaError for a missing or damaged file.
 */
export async function readVideo(path: string, options: ReadOptions = {}): Promise<VideoFrames> {
  const { signal, backend = 'auto', maxFrames = 2000 } = options
  const form = outputForm(path)
  signal?.throwIfAborted()
  try {
    if (form === 'safetensors') return await readSafetensors(path, maxFrames)
    const job = { task: 'decode', form, path: resolve(path), limits: { maxFrames, maxBytes: MAX_BYTES } } as const
    const { rgb, fps, ...size } = await withBackend(backendsFor(form, backend), (chosen) => chosen.decode(job, signal))
    if (size.frames < 1 || rgb.length !== size.frames * size.height * size.width * 3) throw new MediaError('it holds no whole frames')
    return { frames: framesFromBytes(rgb, size), fps: fps || (await storedFps(path)), width: size.width, height: size.height }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    if (cause instanceof BackendMissing) throw cause
    throw new MediaError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

async function readSafetensors(path: string, maxFrames: number): Promise<VideoFrames> {
  return withSource(path, async (source) => {
    const found = await locateFrames(source)
    if (!found) throw new MediaError('it holds no float32 tensor `frames` of shape [B, F, H, W, 3]')
    const [batch, count, height, width] = found.shape
    if (batch !== 1) throw new MediaError(`it holds ${batch} videos; only files of one are read`)
    if (count > maxFrames) throw new MediaError(`the video has more than ${maxFrames} frames`)
    const bytes = await source.read(found.offset, found.bytes)
    const fps = Number((await fileMetadata(source))?.fps)
    return { frames: tensorFromBytes('float32', [count, height, width, 3], bytes), fps: fps > 0 ? fps : DEFAULT_FPS, width, height }
  })
}

/** The frame rate that the request asked for, where the form itself stores none. */
async function storedFps(path: string): Promise<number> {
  const fps = (await readMetadata(path))?.fps
  return typeof fps === 'number' && fps >= 1 && fps <= 60 ? fps : DEFAULT_FPS
}
