// What is asked for, before it is known what it comes to: every value may be absent. http/ makes a wish of a body,
// accept.ts finds its input, resolve.ts makes a request of it that leaves nothing open.

import type { VideoRequest } from '../db/values.ts'

/** The values that a user may name; those of a request, and other ways to say the same. */
export interface WishedValues {
  readonly prompt?: string | undefined
  readonly negative_prompt?: string | undefined
  /** With the frame rate it gives the frames, unless `num_frames` does. */
  readonly seconds?: number | undefined
  readonly num_frames?: number | undefined
  readonly fps?: number | undefined
  /** WIDTHxHEIGHT */
  readonly size?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly num_inference_steps?: number | undefined
  readonly guidance_scale?: number | undefined
  /** -1 draws one. */
  readonly seed?: number | undefined
  readonly scheduler?: string | undefined
  readonly lora?: readonly { readonly name: string; readonly scale?: number | undefined }[] | undefined
  readonly strength?: number | undefined
  readonly overlap?: number | undefined
}

/** A video to change or to continue, as it lies in the storage. */
export interface Source {
  readonly key: string
  readonly frames: number
  readonly width: number
  readonly height: number
  readonly fps: number
}

/** All that a request follows from, together with its model. */
export interface RequestWish extends WishedValues {
  readonly task: VideoRequest['task']
  /** Of all tasks but `generate`. */
  readonly source?: Source | undefined
}

/** An earlier video by its id, or a file of this machine that was uploaded. */
type WishedInput = { readonly id: string } | { readonly file: string }

export interface VideoWish extends WishedValues {
  /** `refer` is `extend` for a picture and `edit` for a video. */
  readonly task: VideoRequest['task'] | 'refer'
  readonly model?: string | undefined
  readonly input?: WishedInput | undefined
  /** Id of the video whose values stand where this wish is silent; `task` and `input` are then that one's. */
  readonly remixOf?: string | undefined
  readonly priority?: number | undefined
}

/** A request with some values replaced: what follows from a replaced one (frames from seconds, width from size) is not kept. */
export function changedWish(request: VideoRequest, changes: WishedValues): RequestWish {
  const { task, input, input_frames: frames = 1, ...values } = request
  const { width, height, fps } = request
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as WishedValues
  return {
    ...values,
    ...(given.seconds !== undefined && { num_frames: undefined }),
    ...(given.size !== undefined && { width: undefined, height: undefined }),
    ...given,
    task,
    ...(input !== undefined && { source: { key: input, frames, width, height, fps } }),
  }
}
