// Seconds of a video. On the CPU: sums of what the kept benchmark results measured on two cores, and estimates for more cores. On
// GPUs: arithmetic only, since none was there: the work divided by a share of the published peak that programs of this kind reach.

import { ofCommand, readKept } from '../kept.ts'
import { cpuKind } from '../machine.ts'
import { totalOf } from '../phases.ts'
import { KEPT } from '../result.ts'
import type { Gpu } from './machines.ts'
import { totalWork, VIDEO_KINDS, type VideoKind, videoWork } from './videos.ts'

export interface Range {
  readonly fast: number
  readonly slow: number
}

/** Of the dense FP16 peak, a whole generation over. docs/numbers.md gives the reasons. */
export const GPU_SHARE: Range = { fast: 0.3, slow: 0.06 }

/** Of one step's work on one core, the part that more cores share. */
export const PARALLEL: Range = { fast: 0.99, slow: 0.95 }

export interface CpuMeasured {
  readonly kind: string
  readonly cores: number
  /** Of one guided step of 16x256x256, by precision. */
  readonly step: Readonly<Record<'float32' | 'int8', number>>
  /** Of 16 frames; of both prompts; of the MP4. From one run of the whole program, in int8. */
  readonly decode: number
  readonly text: number
  readonly encode: number
  /** A whole video in four steps without guidance, int8, from start to file. */
  readonly fourSteps: number
  readonly peak: Readonly<Record<'float32' | 'int8', number>>
}

/** Of docs/performance: the fastest way of each precision. */
export function cpuMeasured(): CpuMeasured {
  const kept = readKept(KEPT)
  const steps = ofCommand(kept, 'unet').filter(({ options }) => options.guidance > 1)
  const stepOf = (precision: string) => {
    const results = steps.flatMap(({ options, kinora }) => (options.precision === precision && kinora ? [kinora] : []))
    const [found] = results.toSorted((a, b) => a.medianSeconds - b.medianSeconds)
    if (!found)
      throw new Error(
        `docs/performance has no guided UNet step in ${precision}: npm run bench -- unet --precision ${precision} --keep NAME`,
      )
    return found
  }
  const whole = ofCommand(kept, 'generate').findLast(({ options }) => options.precision === 'int8')
  const phases = whole?.kinora?.extrapolated?.phases ?? whole?.kinora?.measured.phases
  if (!whole || !phases) throw new Error('docs/performance has no int8 generation: npm run bench -- generate --precision int8 --keep NAME')
  const { decode, text } = phases
  const encode = phases.encode ?? 0
  return {
    kind: cpuKind(whole.machine),
    cores: whole.machine.cores,
    step: { float32: stepOf('float32').medianSeconds, int8: stepOf('int8').medianSeconds },
    decode,
    text,
    encode,
    fourSteps: totalOf(phases),
    peak: { float32: stepOf('float32').peakBytes, int8: stepOf('int8').peakBytes },
  }
}

/** Seconds with a loaded model on the measured cores; other clips by their arithmetic. */
export function cpuSeconds(measured: CpuMeasured, kind: VideoKind, precision: 'float32' | 'int8'): number {
  const base = videoWork(VIDEO_KINDS[0]!)
  const { denoising, decoding } = videoWork(kind)
  const perTflop = measured.step[precision] / (base.denoising / VIDEO_KINDS[0]!.steps)
  const pixels = (kind.frames * kind.height * kind.width) / (VIDEO_KINDS[0]!.frames * VIDEO_KINDS[0]!.height * VIDEO_KINDS[0]!.width)
  return denoising * perTflop + measured.decode * (decoding / base.decoding) + measured.text + measured.encode * pixels
}

/** Amdahl's law from the measured number of cores on. */
export function moreCores(seconds: number, from: number, to: number): Range {
  const ratio = (part: number) => (1 - part + part / to) / (1 - part + part / from)
  return { fast: seconds * ratio(PARALLEL.fast), slow: seconds * ratio(PARALLEL.slow) }
}

/** Seconds on a GPU, and those of the MP4 on the CPU beside it, which are measured. */
export function gpuSeconds(gpu: Pick<Gpu, 'tflops'>, kind: VideoKind, encode: number): Range {
  const work = totalWork(videoWork(kind))
  const first = VIDEO_KINDS[0]!
  const around = encode * ((kind.frames * kind.height * kind.width) / (first.frames * first.height * first.width))
  return { fast: work / (gpu.tflops * GPU_SHARE.fast) + around, slow: work / (gpu.tflops * GPU_SHARE.slow) + around }
}
