// What is known about one published model. Every value has a source, named beside its row; what no source says is absent,
// which is different from false. Data only: presets.ts finds and judges.

export interface Preset {
  /** Short and stable: `zeroscope-v2-576w`. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly title: string
  /** A whole checkpoint, or an adapter for one. */
  readonly kind: 'model' | 'lora'
  readonly layout: 'diffusers' | 'modelscope' | 'peft'
  /** What it was made for; every model can also do the other. */
  readonly task: 'text-to-video' | 'video-to-video'
  /** `owner/name` at the hub: the usual one first, then other names and mirrors of the same weights. */
  readonly repos: readonly string[]
  /** Where in the repository it lies; absent for all of it. */
  readonly subfolder?: string
  /** A revision that has the same weights as safetensors, where main has only pickles. */
  readonly safetensorsRevision?: string
  /** Name of the preset that an adapter was trained for. */
  readonly base?: string

  /** Pixels it was trained at. */
  readonly width?: number
  readonly height?: number
  /** Frames of the clips it was trained on. */
  readonly numFrames?: number
  /** Its card warns of clips shorter than this. */
  readonly minFrames?: number
  /** Frames a second its makers play it at. */
  readonly fps?: number
  readonly numInferenceSteps?: number
  readonly guidanceScale?: number
  /** Of video-to-video, in its card's example. */
  readonly strength?: number
  /** The range its card recommends. */
  readonly strengthRange?: readonly [number, number]
  /** Made from the checkpoint's own scheduler config with these values on top; absent: the checkpoint's own scheduler. */
  readonly scheduler?: { readonly className: string; readonly config: Readonly<Record<string, unknown>> }

  /** The tag of its page. */
  readonly license?: string
  /** What is contradictory or unsaid about it. */
  readonly licenseNote?: string
  /** Whether its videos show the stock footage's watermark. */
  readonly watermark?: boolean
  /** `fp16` where such files are published and enough. */
  readonly variant?: string
  /** Of the files that the recommended download takes, to a percent. */
  readonly downloadBytes?: number
}

/** What every model card of the family loads for sampling. */
export const DPM_SOLVER = { className: 'DPMSolverMultistepScheduler', config: {} } as const

export const NONCOMMERCIAL_BASE = 'the base model is cc-by-nc-4.0, so non-commercial use only'
