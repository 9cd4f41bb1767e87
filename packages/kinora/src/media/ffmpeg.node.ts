// mp4 and webm through the `ffmpeg` and `ffprobe` programs on PATH. Pixels travel as raw video over
// pipes, in the layout and with the colour tags of the node-av backend, so both write the same.
// Arguments are passed as a list, never through a shell; paths carry the file: protocol.

import { type ChildProcess, spawn } from 'node:child_process'
import { MediaError } from '../errors.ts'
import { type Backend, BackendMissing } from './backend.ts'
import { checkLimits, type EncodeJob, type VideoInfo } from './job.ts'
import { collect, ending, feed } from './process.node.ts'
import { keyframeInterval, VIDEO_CODECS } from './quality.ts'

const MAX_REPORT_BYTES = 1 << 20
const QUIET = ['-hide_banner', '-loglevel', 'error']
const COLOURS = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv']

export const ffmpegBackend: Backend = {
  name: 'ffmpeg',
  version: async () => {
    await report('ffprobe', ['-version'])
    const encoders = await report('ffmpeg', [...QUIET, '-encoders'])
    for (const { encoder } of Object.values(VIDEO_CODECS)) {
      if (!encoders.includes(` ${encoder} `)) throw new BackendMissing(`the ffmpeg on PATH has no ${encoder} encoder`)
    }
    return /^ffmpeg version (\S+)/.exec(await report('ffmpeg', ['-version']))?.[1] ?? 'unknown'
  },
  encode: async (job, pictures, signal) => {
    await run('ffmpeg', encodeArguments(job), (child) => feed(child.stdin!, pictures()), signal)
    return inspect(job.path, true, signal)
  },
  decode: async ({ path, limits }, signal) => {
    const { width, height, fps } = await inspect(path, false, signal)
    checkLimits({ width, height, frames: 1 }, limits)
    const output = [
      '-map',
      '0:v:0',
      '-an',
      '-frames:v',
      String(limits.maxFrames + 1),
      '-vsync',
      '0',
      '-pix_fmt',
      'rgb24',
      '-f',
      'rawvideo',
      'pipe:1',
    ]
    const flags = ['-sws_flags', 'bicubic+accurate_rnd+full_chroma_int']
    const rgb = await run(
      'ffmpeg',
      [...QUIET, '-nostdin', '-noautorotate', '-i', `file:${path}`, ...flags, ...output],
      (child) => collect(child.stdout!, limits.maxBytes, `${path} holds more than ${limits.maxBytes} bytes of frames`),
      signal,
    )
    const frames = Math.floor(rgb.length / (width * height * 3))
    checkLimits({ width, height, frames }, limits)
    return { width, height, frames, fps, rgb }
  },
}

function encodeArguments({ form, path, width, height, rate, tags }: EncodeJob): string[] {
  if (form !== 'mp4' && form !== 'webm') throw new MediaError(`the ffmpeg backend does not write ${form}`)
  const { encoder, options } = VIDEO_CODECS[form]
  const size = ['-pixel_format', 'yuv420p', '-video_size', `${width}x${height}`, '-framerate', `${rate.num}/${rate.den}`]
  const quality = Object.entries({ ...options, g: keyframeInterval(rate), 'b:v': 0 }).flatMap(([key, value]) => [`-${key}`, String(value)])
  const input = ['-f', 'rawvideo', ...size, ...COLOURS, '-i', 'pipe:0']
  const video = ['-an', '-c:v', encoder, '-pix_fmt', 'yuv420p', ...quality, ...COLOURS, '-chroma_sample_location', 'left']
  const metadata = Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`])
  const layout = form === 'mp4' ? ['-movflags', '+faststart'] : []
  return [...QUIET, ...input, ...video, ...metadata, ...layout, '-fflags', '+bitexact', '-f', form, '-y', `file:${path}`]
}

async function inspect(path: string, count: boolean, signal?: AbortSignal): Promise<VideoInfo> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'stream=width,height,avg_frame_rate,nb_read_frames', '-of', 'json']
  const text = await report('ffprobe', ['-v', 'error', ...(count ? ['-count_frames'] : []), ...entries, `file:${path}`], signal)
  const parsed = JSON.parse(text) as { streams?: { width?: number; height?: number; avg_frame_rate?: string; nb_read_frames?: string }[] }
  const stream = parsed.streams?.[0]
  if (!(stream?.width && stream.height)) throw new MediaError(`${path} holds no video`)
  const [num = 0, den = 0] = (stream.avg_frame_rate ?? '').split('/').map(Number)
  return { width: stream.width, height: stream.height, frames: Number(stream.nb_read_frames ?? 0), fps: den > 0 ? num / den : 0 }
}

/** What a program prints. */
async function report(program: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const out = await run(program, args, (child) => collect(child.stdout!, MAX_REPORT_BYTES, `${program} prints without end`), signal)
  return out.toString('utf8')
}

/** Runs a program to its end while `transfer` serves its pipes. Throws BackendMissing when it cannot be started. */
async function run<T>(
  program: string,
  args: readonly string[],
  transfer: (child: ChildProcess) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  // A group of its own: Ctrl-C is the caller's to handle. It ends with the caller, when its stdin closes.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true })
  child.stdin.on('error', () => {})
  const moving = transfer(child)
  moving.catch(() => child.kill('SIGKILL'))
  const { ok, words } = await ending(child, signal).catch((cause: unknown) => {
    throw new BackendMissing(`${program} cannot be started: is it on PATH? (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    })
  })
  signal?.throwIfAborted()
  const result = await moving
  if (!ok) throw new MediaError(`${program} ${words}`)
  return result
}
