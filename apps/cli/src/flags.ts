// The options of `kinora generate` and `kinora upscale` as the parser leaves them; `examples --run` fills
// the same shape.

export interface GenerateFlags {
  readonly batchFile?: string
  readonly model?: string
  readonly variant?: string
  readonly lora?: readonly string[]
  readonly embedding?: readonly string[]
  readonly fast?: boolean
  readonly negative?: string
  readonly promptWeights?: boolean
  readonly frames?: number
  readonly steps?: number
  readonly seed?: bigint
  readonly guidance?: number
  readonly guidanceRescale?: number
  readonly guidanceInterval?: readonly [number, number]
  readonly cacheInterval?: number
  readonly cacheDepth?: number
  readonly width?: number
  readonly height?: number
  readonly scheduler?: string
  readonly schedulerConfig?: Record<string, unknown>
  readonly eta?: number
  readonly clipSkip?: number
  readonly latents?: string
  readonly promptEmbeds?: string
  /** A video to start from. */
  readonly video?: string
  readonly strength?: number
  /** Enlarge `video`: its own size is not what is wanted. */
  readonly enlarge?: boolean
  /** A video to continue. */
  readonly extend?: string
  readonly overlap?: number
  readonly loop?: boolean
  readonly upscale?: boolean
  readonly upscaleModel?: string
  readonly upscaleSize?: Size
  readonly upscaleStrength?: number
  readonly upscaleSteps?: number
  readonly count?: number
  readonly fps?: number
  readonly out?: readonly string[]
  readonly backend?: 'auto' | 'node-av' | 'ffmpeg'
  /** False with --no-metadata. */
  readonly metadata?: boolean
  readonly device?: string
  readonly precision?: 'auto' | 'float32' | 'float16' | 'int8'
  readonly threads?: number
  readonly memoryLimit?: string
  readonly compiledCache?: boolean
  readonly vaeTiling?: boolean
  readonly force?: boolean
  readonly json?: boolean
  readonly dryRun?: boolean
}

export interface Size {
  readonly width: number
  readonly height: number
}
