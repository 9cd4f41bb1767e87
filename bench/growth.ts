// `bench growth`: how seconds and peak memory grow with frames and size, each point in fresh processes.
// Seconds per TFLOP stand beside them: a term that grows faster than the arithmetic raises them. Points
// that would not fit into the free memory are left out, and said so.

import { ArgumentError } from '../packages/kinora/src/errors.ts'
import type { ModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import type { Settings } from '../packages/kinora/src/pipelines/settings.ts'
import { loadOptions } from './library.ts'
import { type Log, measure, type SideResult, type StepFigures } from './measure.ts'
import { ObservedPipeline } from './observed.ts'
import type { BenchOptions, Size } from './options.ts'
import { unetBenchmark } from './unet.ts'
import { vaeBenchmark } from './vae.ts'

type Part = 'unet' | 'vae'

interface GrowthSide extends Pick<SideResult, 'medianSeconds' | 'firstSeconds' | 'peakBytes' | 'privateBytes'> {
  secondsPerTflop: number
}

interface Place extends Size {
  part: Part
  /** What the library expects of a whole generation. */
  estimatedBytes: number
}

export interface GrowthPoint extends Place {
  /** Of a UNet step, or of decoding one frame. */
  tflop: number
  kinora?: GrowthSide
  reference?: GrowthSide
}

export interface GrowthFigures {
  title: string
  points: GrowthPoint[]
  /** Those that were not measured. */
  skipped: (Omit<Place, 'estimatedBytes'> & { estimatedBytes?: number; reason: string })[]
}

const BENCHMARKS = { unet: unetBenchmark, vae: vaeBenchmark }

const FRAMES = [16, 24, 32, 48, 64, 100, 200].map((frames) => ({ frames, height: 256, width: 256 }))
const SIZES = [
  { frames: 16, height: 320, width: 320 },
  { frames: 16, height: 320, width: 576 },
  { frames: 16, height: 384, width: 768 },
  { frames: 16, height: 576, width: 1024 },
]
export const POINTS: readonly Size[] = [...FRAMES, ...SIZES]

export async function measureGrowth(
  options: BenchOptions,
  files: ModelFiles,
  log: Log,
): Promise<{ figures: GrowthFigures; versions: Record<string, string> }> {
  const pipe = await ObservedPipeline.open(options.checkpoint, loadOptions(options)) // only for its estimates: no process is started
  const figures: GrowthFigures = {
    title: `growth of a step with guidance ${options.guidance}, and of decoding a frame`,
    points: [],
    skipped: [],
  }
  let versions = {}
  for (const { part, ...size } of wanted(options)) {
    const { frames, height, width } = size
    const settings = pipe.resolve({ prompt: '', numFrames: frames, height, width, guidanceScale: options.guidance })
    const estimate = estimateOf(pipe, settings)
    const reason = typeof estimate === 'string' ? estimate : tooLarge(estimate)
    log(`${part} ${frames}x${height}x${width}${reason ? ` left out: ${reason}` : ''}`)
    if (reason) figures.skipped.push({ part, ...size, ...(typeof estimate === 'number' && { estimatedBytes: estimate }), reason })
    if (reason || typeof estimate === 'string') continue
    const place = { part, ...size, estimatedBytes: estimate }
    // The decoder works frame by frame: how many there are does not matter.
    const pointOptions = { ...options, ...size, ...(part === 'vae' && { frames: 2 }), steps: options.steps ?? 1 }
    const measured = await measure(BENCHMARKS[part](pointOptions, files), pointOptions, log)
    versions = { ...versions, ...measured.versions }
    figures.points.push(pointOf(place, measured.figures))
  }
  return { figures, versions }
}

function pointOf(place: Place, { tflopPerStep: tflop, kinora, reference }: StepFigures): GrowthPoint {
  return {
    ...place,
    tflop,
    ...(kinora && { kinora: growthSide(kinora, tflop) }),
    ...(reference && { reference: growthSide(reference, tflop) }),
  }
}

/** Each size once for the decoder. */
function wanted({ points = POINTS, part }: BenchOptions): (Size & { part: Part })[] {
  const unet = part === 'vae' ? [] : points.map((size) => ({ part: 'unet' as const, ...size }))
  const sizes = new Map(points.map((size) => [`${size.height}x${size.width}`, { ...size, frames: 1 }]))
  const vae = part === 'unet' ? [] : [...sizes.values()].map((size) => ({ part: 'vae' as const, ...size }))
  return [...unet, ...vae]
}

/** Bytes, or the words in which the library refuses a size that its memory limit leaves no way for. */
function estimateOf(pipe: ObservedPipeline, settings: Settings): number | string {
  try {
    return pipe.estimateMemory(settings).total
  } catch (error) {
    if (error instanceof ArgumentError) return error.message
    throw error
  }
}

function tooLarge(estimate: number): string | undefined {
  const available = process.availableMemory()
  if (estimate <= available) return undefined
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  return `it takes about ${gib(estimate)}, ${gib(available)} are free`
}

function growthSide({ medianSeconds, firstSeconds, peakBytes, privateBytes }: SideResult, tflop: number): GrowthSide {
  return { medianSeconds, firstSeconds, peakBytes, privateBytes, secondsPerTflop: medianSeconds / tflop }
}
