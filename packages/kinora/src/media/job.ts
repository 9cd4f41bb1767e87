// What passes between a caller and a process that encodes or decodes for it: plain data, so that it
// travels over IPC as JSON. Pixels do not go this way: they are raw bytes on stdin and stdout.

import type { Rate } from './rate.ts'

/** Forms made of encoded pictures; `png` is a folder of frames. */
export type PictureForm = 'mp4' | 'webm' | 'gif' | 'webp' | 'png'

/** Text tags of a file; absent ones are not written. */
export interface Tags {
  readonly title?: string
  readonly comment?: string
}

/** `width` and `height` are those of the pictures on stdin: 4:2:0 planes for mp4 and webm, RGB for the rest. */
export interface EncodeJob {
  readonly task: 'encode'
  readonly form: PictureForm
  /** Absolute path of a file to create, or of an empty folder for `png`. */
  readonly path: string
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly rate: Rate
  readonly tags: Tags
}

export interface ReadLimits {
  readonly maxFrames: number
  /** Of all frames together, 3 bytes a pixel. */
  readonly maxBytes: number
}

/** What is read: anything FFmpeg decodes, an animated or single picture, or a folder of pictures. */
export type SourceForm = 'video' | 'picture' | 'folder'

/** Which frames are kept. `last` excludes the others but `rate`. */
export interface FramePick {
  /** Frames are repeated or left out, by their times, to make this rate. */
  readonly rate?: Rate
  readonly start: number
  readonly count?: number
  readonly last?: number
}

export interface DecodeJob {
  readonly task: 'decode'
  readonly form: SourceForm
  /** Absolute path of an existing file or folder. */
  readonly path: string
  readonly limits: ReadLimits
  readonly pick: FramePick
  /** Frames per second of a form that stores none. */
  readonly rate: Rate
}

interface VersionJob {
  readonly task: 'version'
  readonly form: PictureForm
}

export type Job = EncodeJob | DecodeJob | VersionJob

/** What a file holds, as found by reading it. `fps` is 0 where the form stores none. */
export interface VideoInfo {
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly fps: number
}

/** What was read of a file. */
export interface DecodedInfo extends VideoInfo {
  /** Whether its end was reached. */
  readonly ended: boolean
  /** What was done to its pictures, in sentences for the user. */
  readonly notes: readonly string[]
}

/** Messages of the child, in this order: `ready` or `unavailable`, then one of the last two. */
export type Reply =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'done'; readonly info?: VideoInfo | DecodedInfo }
  | { readonly kind: 'error'; readonly message: string; readonly code?: string }

/** Throws when frames of this size and number are over the limits. */
export function checkLimits({ width, height, frames }: Omit<VideoInfo, 'fps'>, { maxFrames, maxBytes }: ReadLimits): void {
  if (frames > maxFrames)
    throw new Error(`it has more than ${maxFrames} frames: raise maxFrames, or read a part of it (start, count, last, fps)`)
  if (width * height * 3 * frames > maxBytes)
    throw new Error(`${frames} frames of ${width}x${height} take more than ${maxBytes} bytes: read a part of it (start, count, last, fps)`)
}
