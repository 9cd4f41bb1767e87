// Reads any video that a user has back into a float tensor: for tests, for upscaling and for
// video-to-video. Content decides what a file is, not its name. Files are untrusted; the limits hold
// before frames are kept.

import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ArgumentError, MediaError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { BackendMissing } from './backend.ts'
import { type BackendChoice, backendsFor, withBackend } from './backends.node.ts'
import { framesFromChunks } from './frames.ts'
import type { DecodeJob, FramePick, SourceForm } from './job.ts'
import { readMetadata, withSource } from './metadata.node.ts'
import { frameRate } from './rate.ts'
import { readSafetensors } from './read-safetensors.ts'
import { cutOff, sniffForm } from './sniff.ts'

/** Which frames of a video are read. */
export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Program for video, as in `saveVideo`. */
  readonly backend?: BackendChoice
  /** More frames are refused. Default 2000. */
  readonly maxFrames?: number
  /** Frames are repeated or left out, by their times, to make this rate: 1..60. Default: all frames as they are stored. */
  readonly fps?: number
  /** First frame that is read, from 0. */
  readonly start?: number
  /** At most so many frames from there; fewer where the video ends. */
  readonly count?: number
  /** Instead of `start` and `count`: the last so many. The whole video is decoded, but not held. */
  readonly last?: number
}

/** The frames of a video that was read. */
export interface VideoFrames {
  /** [F, H, W, 3], RGB in [0, 1]. */
  readonly frames: Tensor<'float32'>
  /** As asked for, else the average of the stored ones. 8 where the form stores none. */
  readonly fps: number
  readonly width: number
  readonly height: number
  /** What was done to the stored pictures (turned, stretched, HDR), in sentences for the user. */
  readonly notes: readonly string[]
}

/** All frames together, as 8-bit RGB. */
const MAX_BYTES = 2 ** 31 - 1
const DEFAULT_FPS = 8

/**
 * Reads whatever FFmpeg plays, GIF, WebP, PNG, JPEG and other pictures (a single one is one frame), a folder of pictures in
 * numeric order, or the `frames` tensor of a .safetensors file. Frames come as a player shows them: turned as the file asks,
 * with square pixels, transparent parts black, HDR as 8-bit BT.709; audio is left out. Throws ArgumentError for bad options,
 * MediaError for a file that is missing, damaged, cut off, too long, or no video.
 */
export async function readVideo(path: string, options: ReadOptions = {}): Promise<VideoFrames> {
  const { signal, backend = 'auto', maxFrames = 2000 } = options
  if (path.trim() === '' || path.includes('\0')) throw new ArgumentError(`${JSON.stringify(path)} is not a file name`)
  const pick = pickOf(options, maxFrames)
  backendsFor('video', backend)
  signal?.throwIfAborted()
  try {
    const form = await formOf(path)
    const limits = { maxFrames, maxBytes: MAX_BYTES }
    if (form === 'safetensors') return await withSource(path, (source) => readSafetensors(source, pick, limits, DEFAULT_FPS))
    const fps = form === 'video' ? DEFAULT_FPS : await storedFps(path)
    const job = { task: 'decode', form, path: resolve(path), limits, pick, rate: frameRate(fps) } as const
    return await decode(job, backend, fps, signal)
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    if (cause instanceof BackendMissing) throw cause
    throw new MediaError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

async function decode(job: DecodeJob, backend: BackendChoice, fps: number, signal: AbortSignal | undefined): Promise<VideoFrames> {
  const found = await withBackend(backendsFor(job.form, backend), (chosen) => chosen.decode(job, signal)).catch(async (cause: unknown) => {
    if (!signal?.aborted && !(cause instanceof BackendMissing)) await checkWhole(job, 0, cause)
    throw cause
  })
  const { width, height, frames } = found
  if (found.ended) await checkWhole(job, frames)
  if (frames < 1)
    throw new MediaError(job.pick.start > 0 ? `it has no frame ${job.pick.start} (frames count from 0)` : 'it holds no whole frames')
  return { frames: framesFromChunks(found.chunks, { frames, height, width }), fps: found.fps || fps, width, height, notes: found.notes }
}

/** Throws when the file's own structure says that its end is missing. */
async function checkWhole({ form, path, pick }: DecodeJob, frames: number, cause?: unknown): Promise<void> {
  const words = form === 'folder' ? undefined : await withSource(path, cutOff)
  if (words === undefined) return
  const plain = frames > 0 && pick.start === 0 && pick.last === undefined && pick.rate === undefined
  const rest = plain ? `, ${frames} frames can be read: ask for them by the option count` : ''
  throw new MediaError(`it is cut off: ${words}${rest}`, { cause })
}

async function formOf(path: string): Promise<SourceForm | 'safetensors'> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new MediaError('there is no such file or folder')
  if (found.isDirectory()) return 'folder'
  if (!found.isFile()) throw new MediaError('it is neither a file nor a folder')
  return withSource(path, sniffForm)
}

function pickOf({ fps, start = 0, count, last }: ReadOptions, maxFrames: number): FramePick {
  const whole = (name: string, value: number, least: number) => {
    if (!(Number.isSafeInteger(value) && value >= least))
      throw new ArgumentError(`${name} is ${value}: it must be a whole number from ${least}`)
  }
  whole('maxFrames', maxFrames, 1)
  whole('start', start, 0)
  for (const [name, value] of Object.entries({ count, last })) {
    if (value === undefined) continue
    whole(name, value, 1)
    if (value > maxFrames) throw new ArgumentError(`${name} is ${value}, over maxFrames, which is ${maxFrames}`)
  }
  if (last !== undefined && (start > 0 || count !== undefined))
    throw new ArgumentError('last excludes start and count: give one or the other')
  return {
    start,
    ...(count !== undefined && { count }),
    ...(last !== undefined && { last }),
    ...(fps !== undefined && { rate: frameRate(fps) }),
  }
}

/** The frame rate that the request asked for, where the form itself stores none. */
async function storedFps(path: string): Promise<number> {
  const fps = (await readMetadata(path).catch(() => undefined))?.fps
  return typeof fps === 'number' && fps >= 1 && fps <= 60 ? fps : DEFAULT_FPS
}
