// Reading video through the `ffmpeg` and `ffprobe` programs: ffprobe decodes once to tell when the frames
// are shown, ffmpeg a second time to hand out the wanted ones as raw pixels; the rest is done as for
// node-av, and the pixels are the same. Options are those that FFmpeg 4 to 8 know alike.

import type { ChildProcess } from 'node:child_process'
import type { DecodedFrames } from './backend.ts'
import { BYTES_PER_PIXEL, type CodedPicture, isHighDefinition, pixelLayout, shownPicture } from './coded.ts'
import { INPUT_GUARD, MAX_FRAMES, type ProbedVideo, probeVideo } from './ffprobe.node.ts'
import { checkLimits, type DecodeJob, type FramePick } from './job.ts'
import { copiesOfTimes, keptCopies } from './pick.ts'
import { cutPictures } from './pictures.ts'
import { runProgram } from './program.node.ts'
import { SCALER_FLAGS } from './quality.ts'

/** The picked frames of a video file. */
export async function decode({ path, limits, pick }: DecodeJob, signal?: AbortSignal): Promise<DecodedFrames> {
  const { rate, start, count = Number.POSITIVE_INFINITY } = pick
  const byTime = rate !== undefined || pick.last !== undefined
  const video = await probeVideo(path, byTime ? Number.POSITIVE_INFINITY : start + count + 1, signal)
  checkLimits({ width: video.width, height: video.height, frames: 1 }, limits)
  const coded: CodedPicture = { ...video, ...pixelLayout(video.pixelFormat, video.transfer) }
  const { width, height, notes, show } = shownPicture(coded)
  const plan = byTime ? planOf(keptFrames(video, pick)) : { filter: trim(start, start + count), copies: undefined }
  const within = (frames: number) => checkLimits({ width, height, frames }, limits)
  within(Math.max(1, plan.copies?.reduce((sum, copies) => sum + copies, 0) ?? 1))
  const chunks: Uint8Array[] = []
  const read = async (child: ChildProcess) => {
    let index = 0
    for await (const pixels of cutPictures(child.stdout!, coded.width * coded.height * BYTES_PER_PIXEL[coded.layout])) {
      const copies = plan.copies ? (plan.copies[index++] ?? 0) : 1
      if (copies === 0) continue
      within(chunks.length + copies)
      const rgb = show(pixels).slice()
      for (let copy = 0; copy < copies; copy++) chunks.push(rgb)
    }
  }
  if (plan.copies?.length !== 0) await runProgram('ffmpeg', programArguments(path, video, coded, plan.filter), read, signal)
  const fps = rate ? rate.num / rate.den : video.fps
  return { width, height, frames: chunks.length, fps, ended: chunks.length < count, notes, chunks }
}

/** How often each stored frame is kept. */
function keptFrames({ times, timeBase }: ProbedVideo, pick: FramePick): number[] {
  const { rate } = pick
  if (times.length > MAX_FRAMES) throw new Error(`it has ${MAX_FRAMES} frames or more: too many to pick from by fps or last`)
  return keptCopies(rate ? copiesOfTimes(times, timeBase, rate) : times.slice(1).map(() => 1), pick)
}

interface Plan {
  /** Which of the stored frames ffmpeg hands out, */
  readonly filter: string
  /** and how often each of those is kept. */
  readonly copies: readonly number[] | undefined
}

/** Frames that are chosen one by one: more make the filter too long for a command line. */
const MAX_CHOSEN = 1000

function planOf(kept: readonly number[]): Plan {
  const wanted = kept.flatMap((copies, index) => (copies > 0 ? [index] : []))
  const [first, end] = [wanted[0] ?? 0, (wanted.at(-1) ?? -1) + 1]
  if (wanted.length === end - first || wanted.length > MAX_CHOSEN) return { filter: trim(first, end), copies: kept.slice(first, end) }
  const chosen = wanted.map((index) => `eq(n\\,${index - first})`)
  return { filter: `${trim(first, end)},select=${sum(chosen)}`, copies: wanted.map((index) => kept[index]!) }
}

/** A sum in halves of halves: FFmpeg's expressions may be a hundred deep. */
function sum(terms: readonly string[]): string {
  const half = terms.length >> 1
  return half === 0 ? (terms[0] ?? '0') : `(${sum(terms.slice(0, half))}+${sum(terms.slice(half))})`
}

function trim(first: number, end: number): string {
  return Number.isFinite(end) ? `trim=start_frame=${first}:end_frame=${end}` : `trim=start_frame=${first}`
}

/** Rotation is done here, and a change of size in the middle is the scale filter's to handle. */
function programArguments(path: string, video: ProbedVideo, coded: CodedPicture, filter: string): string[] {
  const input = ['-noautorotate', '-reinit_filter', '0', ...INPUT_GUARD, '-i', `file:${path}`]
  const output = ['-map', '0:V:0', '-an', '-sn', '-dn', '-r', '1/1000', '-pix_fmt', coded.layout, '-f', 'rawvideo', 'pipe:1']
  return ['-hide_banner', '-loglevel', 'error', '-nostdin', ...input, '-vf', [filter, ...pixelFilters(video, coded)].join(','), ...output]
}

function pixelFilters(video: ProbedVideo, { width, height, layout }: CodedPicture): string[] {
  return [
    `scale=${width}:${height}:flags=${SCALER_FLAGS}${colourOptions(video)}`,
    `format=${layout}`,
    // A stamp every thousand seconds, longer than any frame lasts: the output's constant rate then neither
    // repeats nor drops one. The option for that has another name in every other version.
    'settb=1000',
    'setpts=N',
  ]
}

/** What older scale filters do not take from the frame by themselves: where chroma lies, and the guess for untagged YUV. */
function colourOptions(video: ProbedVideo): string {
  const { pixelFormat, chromaLocation, colourSpace } = video
  if (!/^(yuv|nv\d|p[02]1|uyvy|yuyv)/.test(pixelFormat)) return ''
  const matrix = colourSpace === '' && isHighDefinition(video) ? ':in_color_matrix=bt709' : ''
  if (chromaLocation === '' || !/42[02]|nv12|p010/.test(pixelFormat)) return matrix
  const across = `:in_h_chr_pos=${chromaLocation.endsWith('left') ? 0 : 128}`
  const vertical = chromaLocation.startsWith('top') ? 0 : chromaLocation.startsWith('bottom') ? 256 : 128
  return `${across}${pixelFormat.includes('422') ? '' : `:in_v_chr_pos=${vertical}`}${matrix}`
}
