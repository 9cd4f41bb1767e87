// The options of `kinora generate` as the parser leaves them; `examples --run` fills the same shape.

export interface GenerateFlags {
  readonly batchFile?: string
  readonly model?: string
  readonly variant?: string
  readonly negative?: string
  readonly frames?: number
  readonly steps?: number
  readonly seed?: bigint
  readonly guidance?: number
  readonly width?: number
  readonly height?: number
  readonly scheduler?: string
  readonly schedulerConfig?: Record<string, unknown>
  readonly eta?: number
  readonly clipSkip?: number
  readonly count?: number
  readonly fps?: number
  readonly out?: readonly string[]
  readonly backend?: 'auto' | 'node-av' | 'ffmpeg'
  /** False with --no-metadata. */
  readonly metadata?: boolean
  readonly device?: string
  readonly precision?: 'auto' | 'float32'
  readonly threads?: number
  readonly force?: boolean
  readonly json?: boolean
  readonly dryRun?: boolean
}
