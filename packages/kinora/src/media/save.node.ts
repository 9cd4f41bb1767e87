// Saves generated frames as a video file. The order of things: check every argument, check the
// place, encode under a temporary name, read the result back, rename. Encoding itself is the
// backends' work.

import { resolve } from 'node:path'
import { MediaError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Backend, BackendName } from './backend.ts'
import { type BackendChoice, backendsFor, withBackend } from './backends.node.ts'
import { checkWritable, outputForm } from './form.node.ts'
import { frameBytes, videoSize } from './frames.ts'
import type { EncodeJob, PictureForm } from './job.ts'
import { readComment } from './metadata.node.ts'
import { pictureBytes } from './pictures.ts'
import { VIDEO_CODECS } from './quality.ts'
import { frameRate, MAX_GIF_FPS } from './rate.ts'
import { saveSafetensors } from './save-safetensors.node.ts'
import { pathSize, stage } from './staging.node.ts'
import { requestTags } from './tags.ts'
import type { GeneratedVideo } from './video.ts'
import { pickVideo } from './video.ts'
import { rgbToYuv420 } from './yuv.ts'

/** How a video is saved. */
export interface SaveOptions {
  /** Frames per second, 1..60, fractions allowed. Default 8. */
  readonly fps?: number
  /** Which video of a batch, from 0; needed when there are several. */
  readonly index?: number
  /** Stored in the file's own tags as JSON, unchanged; its `prompt` becomes the title. Default: a result's settings and the fps. `false`: none. */
  readonly metadata?: Readonly<Record<string, unknown>> | false
  /** Aborting ends the encoder at once and rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Program for mp4 and webm. Default `auto`: node-av when it loads, else ffmpeg on PATH. */
  readonly backend?: BackendChoice
  /** Stored beside the frames in a .safetensors file; other forms have no place for it. Default: a result's latents. */
  readonly latents?: Tensor
}

/** What was saved. */
export interface SaveReport {
  readonly path: string
  /** Size of the file, or of all files of a folder. */
  readonly bytes: number
  /** Of the stored pictures; see `notes` where they differ from the frames given. */
  readonly width: number
  readonly height: number
  readonly frames: number
  /** At which the file plays. */
  readonly fps: number
  readonly codec: string
  readonly backend: BackendName | 'none'
  /** What the form could not store exactly, in sentences for the user. */
  readonly notes: readonly string[]
}

/**
 * Saves a pipeline's result, or frames [F, H, W, 3] or [B, F, H, W, 3] in [0, 1], to `path`; the extension picks the form (see `outputForm`).
 * Nothing is left behind on failure or abort, and an existing file is replaced only by a complete
 * one. Throws ArgumentError for bad arguments, MediaError when the file cannot be made.
 */
export async function saveVideo(source: Tensor<'float32'> | GeneratedVideo, path: string, options: SaveOptions = {}): Promise<SaveReport> {
  const { fps = 8, signal, backend = 'auto' } = options
  const { frames, settings, latents = options.latents } = pickVideo(source, options.index)
  const metadata = options.metadata ?? (settings && { ...settings, fps })
  const form = outputForm(path)
  const rate = frameRate(fps)
  const size = videoSize(frames)
  const tags = requestTags(metadata)
  const backends = form === 'safetensors' ? [] : backendsFor(form, backend)
  await checkWritable(path)
  signal?.throwIfAborted()
  const common = { path, fps: form === 'gif' ? Math.min(fps, MAX_GIF_FPS) : fps, frames: size.frames }
  try {
    if (form === 'safetensors') {
      const bytes = await saveSafetensors(frames, path, { fps, tags, latents, signal })
      return { ...common, bytes, width: size.width, height: size.height, codec: 'float32', backend: 'none', notes: [] }
    }
    const job = encodeJob(form, size, rate, tags)
    return await withBackend(backends, async (chosen) => {
      const stored = await stage(path, form === 'png' ? 'folder' : 'file', (temporary) =>
        encode(chosen, frames, { ...job, path: temporary }, signal),
      )
      const notes = [...paddingNotes(job, size), ...stored.notes, ...timingNotes(form, fps)]
      return {
        ...common,
        bytes: await pathSize(resolve(path)),
        width: job.width,
        height: job.height,
        codec: codecOf(form),
        backend: chosen.name,
        notes,
      }
    })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

/** H.264 stores 4:2:0 pictures of even sides only; VP9 and the picture forms take any. */
function encodeJob(
  form: PictureForm,
  size: { width: number; height: number; frames: number },
  rate: EncodeJob['rate'],
  tags: EncodeJob['tags'],
): Omit<EncodeJob, 'path'> {
  const even = (side: number) => (form === 'mp4' ? side + (side % 2) : side)
  return { task: 'encode', form, width: even(size.width), height: even(size.height), frames: size.frames, rate, tags }
}

async function encode(
  backend: Backend,
  frames: Tensor<'float32'>,
  job: EncodeJob,
  signal: AbortSignal | undefined,
): Promise<{ notes: string[] }> {
  const found = await backend.encode(job, () => pictures(frames, job), signal)
  // Animated WebP and GIF merge equal neighbours, so there the count may only shrink.
  const merges = job.form === 'webp' || job.form === 'gif'
  const complete = merges ? found.frames >= 1 && found.frames <= job.frames : found.frames === job.frames
  if (!complete || found.width !== job.width || found.height !== job.height) {
    const got = `${found.frames} frames of ${found.width}x${found.height}`
    throw new MediaError(`the written ${job.form} does not read back: it holds ${got}, not ${job.frames} of ${job.width}x${job.height}`)
  }
  const comment = await readComment(job.form === 'png' ? `${job.path}/` : job.path)
  if (parsed(comment) !== parsed(job.tags.comment)) throw new MediaError(`the metadata written into the ${job.form} does not read back`)
  return { notes: found.frames < job.frames ? [`equal neighbouring frames are stored as one: ${found.frames} of ${job.frames}`] : [] }
}

/** Same JSON, however it is escaped. */
function parsed(comment: string | undefined): string | undefined {
  return comment === undefined ? undefined : JSON.stringify(JSON.parse(comment))
}

/** Pictures in the job's layout, all in one buffer that is filled anew each time. */
function* pictures(frames: Tensor<'float32'>, job: EncodeJob): Generator<Uint8Array> {
  const { height, width } = videoSize(frames)
  const rgb = new Uint8ClampedArray(width * height * 3)
  const planes = job.form === 'mp4' || job.form === 'webm' ? new Uint8ClampedArray(pictureBytes(job)) : undefined
  const bytes = new Uint8Array((planes ?? rgb).buffer)
  for (let index = 0; index < job.frames; index++) {
    frameBytes(frames, index, 3, rgb)
    if (planes) rgbToYuv420(rgb, width, height, planes, job.width, job.height)
    yield bytes
  }
}

function paddingNotes(job: { width: number; height: number }, size: { width: number; height: number }): string[] {
  if (job.width === size.width && job.height === size.height) return []
  return [`H.264 needs even sides: ${size.width}x${size.height} is stored as ${job.width}x${job.height}, repeating the last column or row`]
}

function timingNotes(form: PictureForm, fps: number): string[] {
  if (form === 'png') return ['a folder of frames stores no frame rate']
  if (form !== 'gif' || fps <= MAX_GIF_FPS) return []
  return [`GIF players show at most ${MAX_GIF_FPS} frames per second: ${fps} plays at ${MAX_GIF_FPS}`]
}

function codecOf(form: PictureForm): string {
  return form === 'mp4' || form === 'webm' ? VIDEO_CODECS[form].name : form
}
