// What `kinora upscale VIDEO` means in flags of `generate`: video to video with zeroscope's second
// model, prompted with what the file itself says it shows.

import { outputForm, readMetadata } from 'kinora'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'
import { UPSCALER, upscaledName } from './names.ts'

export interface UpscaleCall {
  /** The prompt, unless embeddings take its place. */
  readonly words: readonly string[]
  readonly flags: GenerateFlags
}

/** Throws UsageError when there is no prompt to be had. */
export async function upscaleFlags(video: string, prompt: string | undefined, flags: GenerateFlags): Promise<UpscaleCall> {
  const all = { ...flags, model: flags.model ?? UPSCALER, video, enlarge: true, out: flags.out ?? [upscaledName(video)] }
  if (flags.promptEmbeds !== undefined && prompt === undefined) return { words: [], flags: all }
  const stored = prompt ?? (await storedPrompt(video))
  if (stored === undefined)
    throw new UsageError(`${video} does not say what it shows`, 'give a prompt: kinora upscale VIDEO --prompt "a panda eating bamboo"')
  return { words: [stored], flags: all }
}

/** Undefined for a video that Kinora did not write, whatever its form. */
async function storedPrompt(video: string): Promise<string | undefined> {
  try {
    outputForm(video)
  } catch {
    return undefined // a form that Kinora reads and does not write carries no settings
  }
  const prompt = (await readMetadata(video).catch(() => undefined))?.prompt
  return typeof prompt === 'string' && prompt.trim() !== '' ? prompt : undefined
}
