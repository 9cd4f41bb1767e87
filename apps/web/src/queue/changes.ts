// Changing a video that waits: which of its values can be changed, and which of them were.

import type { VideoObject } from '../api/types.ts'

/** As the form has them; an empty number field is ''. */
export interface Values {
  readonly prompt: string
  readonly negative_prompt: string
  readonly num_frames: number | ''
  readonly num_inference_steps: number | ''
  readonly guidance_scale: number | ''
  /** '' or -1 draws another one. */
  readonly seed: number | ''
}

/** Of PATCH /v1/videos/:id and of a remix. */
export type Changes = { readonly [Name in keyof Values]?: Exclude<Values[Name], ''> }

const NUMBERS = ['num_frames', 'num_inference_steps', 'guidance_scale', 'seed'] as const
export type NumberName = (typeof NUMBERS)[number]

export function valuesOf(video: VideoObject): Values {
  const { prompt, negative_prompt, num_frames, num_inference_steps, guidance_scale, seed } = video
  return { prompt: prompt ?? '', negative_prompt, num_frames, num_inference_steps, guidance_scale, seed }
}

/** What differs from the video; an emptied number stays as it was, an emptied seed is drawn anew. */
export function changesOf(video: VideoObject, values: Values): Changes {
  const before = valuesOf(video)
  const after: Changes = {
    prompt: values.prompt.trim(),
    negative_prompt: values.negative_prompt.trim(),
    ...Object.fromEntries(NUMBERS.flatMap((name) => (values[name] === '' ? [] : [[name, values[name]]]))),
    ...(values.seed === '' && { seed: -1 }),
  }
  const names = Object.keys(after) as (keyof Changes)[]
  return Object.fromEntries(names.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]))
}
