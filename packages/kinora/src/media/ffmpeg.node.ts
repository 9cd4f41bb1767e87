// Video through the `ffmpeg` and `ffprobe` programs on PATH. Pixels travel as raw video over pipes, in
// the layout and with the colour tags of the node-av backend, so both write the same. Paths carry the
// file: protocol, so that no name is taken for an address.

import { type Backend, BackendMissing } from './backend.ts'
import { decode } from './ffmpeg-read.node.ts'
import { probeVideo } from './ffprobe.node.ts'
import type { EncodeJob } from './job.ts'
import { feed } from './process.node.ts'
import { report, runProgram } from './program.node.ts'
import { keyframeInterval, VIDEO_CODECS } from './quality.ts'

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
    await runProgram('ffmpeg', encodeArguments(job), (child) => feed(child.stdin!, pictures()), signal)
    const { width, height, times, fps } = await probeVideo(job.path, job.frames + 1, signal)
    return { width, height, frames: times.length - 1, fps }
  },
  decode,
}

function encodeArguments({ form, path, width, height, rate, tags }: EncodeJob): string[] {
  if (form !== 'mp4' && form !== 'webm') throw new Error(`the ffmpeg backend does not write ${form}`)
  const { encoder, options } = VIDEO_CODECS[form]
  const size = ['-pixel_format', 'yuv420p', '-video_size', `${width}x${height}`, '-framerate', `${rate.num}/${rate.den}`]
  const quality = Object.entries({ ...options, g: keyframeInterval(rate), 'b:v': 0 }).flatMap(([key, value]) => [`-${key}`, String(value)])
  const input = ['-f', 'rawvideo', ...size, ...COLOURS, '-i', 'pipe:0']
  const video = ['-an', '-c:v', encoder, '-pix_fmt', 'yuv420p', ...quality, ...COLOURS, '-chroma_sample_location', 'left']
  const metadata = Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`])
  const layout = form === 'mp4' ? ['-movflags', '+faststart'] : []
  return [...QUIET, ...input, ...video, ...metadata, ...layout, '-fflags', '+bitexact', '-f', form, '-y', `file:${path}`]
}
