// Names that the help texts show and the commands use. It imports nothing heavy, so that --help is quick.

import { basename, extname } from 'node:path'

/** Where videos go without -o: into the current folder. */
export const DEFAULT_OUTPUT = '{slug}-{seed}.mp4'

/** The model that was trained to enlarge. */
export const UPSCALER = 'cerspense/zeroscope_v2_XL'

/** clips/surf.mov -> surf-upscaled.mp4, in the current folder. */
export function upscaledName(video: string): string {
  return `${basename(video, extname(video))}-upscaled.mp4`
}
