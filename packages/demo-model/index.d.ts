/** Folder of the checkpoint. */
export declare const checkpoint: string

/** What it was trained for, by the library's names (its `Defaults`). */
export declare const defaults: {
  readonly numFrames: number
  readonly numInferenceSteps: number
  readonly guidanceScale: number
  readonly fps: number
}

/** A prompt that it knows, by the command line's names. */
export interface Example {
  readonly prompt: string
  readonly seed?: number
  readonly steps?: number
  readonly guidance?: number
  readonly frames?: number
  readonly negative?: string
}

export declare const examples: readonly Example[]
