// What the `ffprobe` program says about a video file: the stream that will be decoded, and when its
// frames are shown. The report is text from outside, so every number in it is checked.

import { MediaError } from '../errors.ts'
import { BackendMissing } from './backend.ts'
import { averageRate, type Clock, endOf, newClock, tick, ticksOf } from './clock.ts'
import { CONTAINERS } from './containers.ts'
import { type Orientation, orientationOf, UPRIGHT } from './orientation.ts'
import { report } from './program.node.ts'
import type { Rate } from './rate.ts'

/** Only the listed containers and local files are opened: playlists could name other files or hosts. */
export const INPUT_GUARD = ['-format_whitelist', CONTAINERS, '-protocol_whitelist', 'file,pipe']

export interface ProbedVideo {
  readonly width: number
  readonly height: number
  readonly pixelAspect: Rate
  readonly orientation: Orientation
  /** FFmpeg's names, empty where the file says nothing. */
  readonly pixelFormat: string
  readonly transfer: string
  readonly colourSpace: string
  readonly chromaLocation: string
  readonly fps: number
  /** Of one tick. */
  readonly timeBase: Rate
  /** When each of the first frames begins, in ticks, and at last when the final one of them ends. */
  readonly times: readonly bigint[]
}

interface Stream {
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly pix_fmt?: string
  readonly color_transfer?: string
  readonly color_space?: string
  readonly chroma_location?: string
  readonly time_base?: string
  readonly avg_frame_rate?: string
  readonly r_frame_rate?: string
  readonly side_data_list?: readonly { readonly displaymatrix?: string }[]
}

interface Frame {
  readonly best_effort_timestamp?: number
  readonly duration?: number
  /** Its name before FFmpeg 6. */
  readonly pkt_duration?: number
}

interface Report {
  readonly streams?: readonly Stream[]
  readonly frames?: readonly Frame[]
  readonly format?: { readonly start_time?: string }
}

/** Frames whose times are asked for: two hours of television. */
export const MAX_FRAMES = 200_000
/** Packets before the first frame: the order of decoding runs ahead of that of showing. */
const REORDERED = 32

/**
 * Probes the first real video stream (cover art is none) by decoding its first `frames` frames, or all of them. Throws
 * MediaError when there is no such stream.
 */
export async function probeVideo(path: string, frames: number, signal?: AbortSignal): Promise<ProbedVideo> {
  const wanted = Math.min(MAX_FRAMES, frames)
  const entries = 'frame=best_effort_timestamp,duration,pkt_duration:format=start_time'
  const what = ['-select_streams', 'V:0', '-show_streams', '-show_entries', entries, '-read_intervals', `%+#${wanted + REORDERED}`]
  const args = ['-v', 'error', ...INPUT_GUARD, ...what, '-of', 'json=c=1', `file:${path}`]
  const text = await report('ffprobe', args, signal).catch((cause: unknown) => {
    if (signal?.aborted || cause instanceof BackendMissing || !(cause instanceof Error)) throw cause
    throw new MediaError(`it cannot be opened as a video (${cause.message})`, { cause })
  })
  const found = JSON.parse(text) as Report
  const stream = found.streams?.[0]
  if (!(stream?.width && stream.height)) throw new MediaError('the file has no video stream')
  const aspect = parseRate(stream.sample_aspect_ratio)
  const matrix = stream.side_data_list?.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix
  const timeBase = parseRate(stream.time_base)
  const { clock, times } = timesOf(found, timeBase, wanted)
  return {
    width: stream.width,
    height: stream.height,
    pixelAspect: aspect.num > 0 && aspect.den > 0 ? aspect : { num: 1, den: 1 },
    orientation: matrix === undefined ? UPRIGHT : orientationOf(matrixNumbers(matrix)),
    pixelFormat: stream.pix_fmt ?? '',
    transfer: known(stream.color_transfer),
    colourSpace: known(stream.color_space),
    chromaLocation: known(stream.chroma_location),
    fps: averageRate(clock, timeBase, [stream.avg_frame_rate, stream.r_frame_rate].map(toNumber)),
    timeBase,
    times,
  }
}

function known(name: string | undefined): string {
  return name === undefined || name === 'unknown' || name === 'unspecified' ? '' : name
}

/** `3:4` or `30000/1001`; 0/1 for anything else. */
function parseRate(text: string | undefined): Rate {
  const [num = 0, den = 0] = (text ?? '').split(/[:/]/).map(Number)
  return Number.isSafeInteger(num) && Number.isSafeInteger(den) && den > 0 ? { num, den } : { num: 0, den: 1 }
}

function toNumber(text: string | undefined): number {
  const { num, den } = parseRate(text)
  return num / den
}

/** Three lines, each with its number and a colon before three integers. */
function matrixNumbers(text: string): number[] {
  return text.split('\n').flatMap((line) => (line.split(':')[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number))
}

function timesOf({ frames = [], format }: Report, timeBase: Rate, wanted: number): { clock: Clock; times: bigint[] } {
  const clock = newClock()
  const times: bigint[] = []
  const origin = timeBase.num > 0 ? ticksOf(Number(format?.start_time) * 1_000_000 || 0, timeBase) : 0n
  for (const frame of frames.slice(0, wanted)) {
    const duration = ticks(frame.duration ?? frame.pkt_duration) ?? 0n
    const stamp = ticks(frame.best_effort_timestamp)
    times.push(tick(clock, stamp === undefined ? undefined : stamp - origin, duration))
  }
  return { clock, times: [...times, endOf(clock)] }
}

function ticks(value: number | undefined): bigint | undefined {
  return value !== undefined && Number.isSafeInteger(value) ? BigInt(value) : undefined
}
