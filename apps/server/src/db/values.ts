// What lies in the tables' JSON columns. Its names are the API's own (http/), since the request is reported as it is stored.

/** A video to be made, with every value that decides it. */
export interface VideoRequest {
  readonly task: 'generate' | 'edit' | 'extend'
  readonly prompt: string
  readonly negative_prompt: string
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
  /** Storage key of the video that is changed or continued. */
  readonly input?: string
}

export interface StoredFile {
  /** In the storage. */
  readonly key: string
  readonly bytes: number
  readonly mediaType: string
  /** SHA-256, in hexadecimal digits; also the entity tag. */
  readonly digest: string
}
