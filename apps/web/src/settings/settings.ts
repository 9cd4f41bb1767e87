// What a video is asked for with, as the form holds it: the API's own names. What is undefined is left to the model, so that
// another model brings its own defaults.

import type { VideoObject } from '../api/types.ts'

export interface Settings {
  /** `edit` changes a video, `extend` continues one; both have a source. */
  readonly task: 'generate' | 'edit' | 'extend'
  readonly prompt: string
  readonly model?: string | undefined
  readonly negative_prompt?: string | undefined
  readonly num_frames?: number | undefined
  readonly fps?: number | undefined
  readonly num_inference_steps?: number | undefined
  readonly guidance_scale?: number | undefined
  /** Undefined or -1: another one each time. */
  readonly seed?: number | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly scheduler?: string | undefined
  readonly lora?: readonly { readonly name: string; readonly scale: number }[] | undefined
  readonly strength?: number | undefined
  readonly overlap?: number | undefined
  /** The earlier video that this one starts from. A file of the user's is kept apart (draft.ts): it does not fit into a link. */
  readonly source?: { readonly id: string } | undefined
}

export const NOTHING: Settings = { task: 'generate', prompt: '' }

/** All that makes the same video again. An edited or continued video does not say what it came from: it becomes a new one. */
export function settingsOfVideo(video: VideoObject): Settings {
  const { model, prompt, negative_prompt, num_frames, fps, num_inference_steps, guidance_scale, seed, width, height } = video
  return {
    task: 'generate',
    prompt: prompt ?? '',
    model,
    negative_prompt,
    num_frames,
    fps,
    num_inference_steps,
    guidance_scale,
    seed,
    width,
    height,
    scheduler: video.scheduler,
    lora: video.lora,
  }
}
