// What a downloaded video is called: the prompt's first words and the seed, in letters that every system takes.

import type { VideoObject } from '../api/types.ts'

const MOST_WORDS = 60
/** Names that Windows keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/

export function fileName({ prompt, seed }: Pick<VideoObject, 'prompt' | 'seed'>, extension: string): string {
  const words = (prompt ?? '')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  // By characters, so that none is cut in halves.
  const cut = Array.from(words)
    .slice(0, MOST_WORDS)
    .join('')
    .replace(/^-+|-+$/g, '')
  return `${cut === '' || RESERVED.test(cut) ? 'kinora' : cut}-${seed}.${extension}`
}
