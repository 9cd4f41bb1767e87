// A video as other programs see it: ffprobe tells its form, ffmpeg its pixels.

import { execFileSync } from 'node:child_process'

interface Stream {
  readonly codec_name: string
  readonly width: number
  readonly height: number
  readonly nb_read_frames: string
}

export function streamOf(file: string): Stream {
  const asked = ['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=codec_name,width,height,nb_read_frames']
  const { streams } = JSON.parse(execFileSync('ffprobe', [...asked, '-of', 'json', file], { encoding: 'utf8' })) as { streams: Stream[] }
  return streams[0]!
}

/** How much of all frames is yellow, and how much is navy: 0 to 1. */
export function coloursOf(file: string): { yellow: number; navy: number } {
  const pixels = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 2 ** 28 })
  let [yellow, navy] = [0, 0]
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!]
    if (r > 150 && g > 150 && b < 110) yellow++
    if (r < 80 && g < 80 && b > 60 && b < 200) navy++
  }
  const all = pixels.length / 3
  return { yellow: yellow / all, navy: navy / all }
}
