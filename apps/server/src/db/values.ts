// What lies in the tables' JSON columns. Its names are the API's own (http/), since the request is reported as it is stored.

/** A video to be made, with every value that decides it. */
export interface VideoRequest {
  readonly task: 'generate' | 'edit' | 'extend'
  readonly prompt: string
  readonly negative_prompt: string
  /** Of `extend`: the new ones; the model makes `overlap` more, which repeat the input's end. */
  readonly num_frames: number
  readonly fps: number
  readonly num_inference_steps: number
  readonly guidance_scale: number
  readonly seed: number
  readonly width: number
  readonly height: number
  readonly scheduler?: string
  readonly lora?: readonly { readonly name: string; readonly scale: number }[]
  readonly strength?: number
  /** Of `extend`: frames of the input that the model sees. */
  readonly overlap?: number
  /** Storage key of the video that is changed or continued. */
  readonly input?: string
  /** Frames of the input; the result of `extend` has them and the new ones. */
  readonly input_frames?: number
}

/** How far a job is, as its worker says. `percent` never falls, and is below 100. */
export interface JobProgress {
  readonly percent: number
  readonly phase: string
  readonly step: number
  readonly total: number
  readonly secondsLeft?: number
}

/** A model as its worker announces it; the API shows it as it is. */
export interface ModelDescription {
  readonly name: string
  readonly title: string
  /** As its publisher names it; null where that is not known. */
  readonly license: string | null
  readonly defaults: {
    readonly width: number
    readonly height: number
    readonly num_frames: number
    readonly num_inference_steps: number
    readonly guidance_scale: number
    /** Of video to video, where it is another one. */
    readonly edit_guidance_scale?: number
    readonly strength: number
    readonly fps: number
  }
  /** Width and height are multiples of it. */
  readonly size_multiple: number
  /** The scheduler of a request that names none. */
  readonly scheduler: string
  /** Adapters that may be added, by name. */
  readonly loras: readonly string[]
}

/** Latents [4] to red, green and blue in [0, 1]: a row of four factors and a constant for each. */
export type PreviewMap = readonly [PreviewRow, PreviewRow, PreviewRow]
export type PreviewRow = readonly [number, number, number, number, number]

export type Scope = 'videos:read' | 'videos:write' | 'admin'

/** What a user may ask for; null is no bound. */
export interface Quota {
  /** Waiting and running at a time. */
  readonly queued: number | null
  readonly perDay: number | null
  /** Frames x pixels x steps within a day. */
  readonly workPerDay: number | null
}

export interface StoredFile {
  /** In the storage. */
  readonly key: string
  readonly bytes: number
  readonly mediaType: string
  /** SHA-256, in hexadecimal digits; also the entity tag. */
  readonly digest: string
}
