// The page's tables of single machines: seconds, cost, memory, and the arithmetic behind them.

import { markdownTable } from '../table.ts'
import { costOf } from './cost.ts'
import { type CpuMeasured, cpuMeasured, cpuSeconds, GPU_SHARE, gpuSeconds, moreCores, PARALLEL, type Range } from './estimate.ts'
import { CORE_PRICE, CPU_CORES, EVIDENCE, GPUS, type Price } from './machines.ts'
import { GPU_ALLOWANCE } from './memory.ts'
import type { MemoryFigures } from './memory-figures.ts'
import { stepWork, totalWork, VIDEO_KINDS, type VideoKind, videoWork } from './videos.ts'
import { cents, duration, gibibytes, percent, span, whole } from './words.ts'

interface Row {
  readonly title: string
  readonly how: string
  readonly price: Price
  readonly seconds: (kind: VideoKind) => Range
}

function cpuRow(measured: CpuMeasured, cores: number): Row {
  const exact = cores === measured.cores
  return {
    title: `CPU, ${cores} cores, int8`,
    how: exact ? 'measured, in parts' : 'estimate',
    price: { ...CORE_PRICE, hour: CORE_PRICE.hour * cores },
    seconds: (kind) => {
      const seconds = cpuSeconds(measured, kind, 'int8')
      return exact ? { fast: seconds, slow: seconds } : moreCores(seconds, measured.cores, cores)
    },
  }
}

function rows(): Row[] {
  const measured = cpuMeasured()
  const gpus = GPUS.map(
    (gpu): Row => ({ title: gpu.title, how: 'estimate', price: gpu.price, seconds: (kind) => gpuSeconds(gpu, kind, measured.encode) }),
  )
  return [...CPU_CORES.map((cores) => cpuRow(measured, cores)), ...gpus]
}

const plainSpan = (range: Range): string => (range.fast === range.slow ? duration(range.fast) : span(range))

export function secondsTable(): string {
  return markdownTable({
    head: ['machine', ...VIDEO_KINDS.map(({ title }) => title), ''],
    rows: rows().map(({ title, how, seconds }) => [title, ...VIDEO_KINDS.map((kind) => plainSpan(seconds(kind))), how]),
  })
}

export function costTable(): string {
  return markdownTable({
    head: ['machine', '$ an hour (example)', ...VIDEO_KINDS.map(({ title }) => title)],
    rows: rows().map(({ title, price, seconds }) => [
      title,
      price.hour.toFixed(2),
      ...VIDEO_KINDS.map((kind) => {
        const { fast, slow } = seconds(kind)
        return cents({ fast: costOf(fast, price.hour), slow: costOf(slow, price.hour) })
      }),
    ]),
  })
}

export function priceTable(): string {
  const prices = [['CPU, a core', CORE_PRICE] as const, ...GPUS.map(({ title, price }) => [title, price] as const)]
  return markdownTable({
    head: ['', '$ an hour', 'of', 'seen in'],
    rows: prices.map(([title, { hour, of, source }]) => [title, String(hour), of, source]),
  })
}

export function memoryTable(figures: readonly MemoryFigures[]): string {
  const fits = (bytes: number, gib: number) => (bytes / 2 ** 30 <= gib ? 'fits' : 'no')
  return markdownTable({
    head: ['guided clip', 'CPU float32', 'CPU int8', 'GPU float16', ...GPUS.map(({ title }) => title), 'GPU, attention in parts'],
    rows: figures.map(({ clip, float32, int8, fused, composed }) => [
      `${clip.frames}x${clip.height}x${clip.width}`,
      ...[float32, int8, fused.total].map(gibibytes),
      ...GPUS.map(({ memoryGib }) => fits(fused.total, memoryGib)),
      `${gibibytes(composed.total)}: ${GPUS.filter(({ memoryGib }) => composed.total / 2 ** 30 <= memoryGib)
        .map(({ title }) => title.split(' ')[0])
        .join(', ')}`,
    ]),
  })
}

export function workTable(figures: readonly MemoryFigures[]): string {
  return markdownTable({
    head: ['video', 'TFLOP a step', 'all steps', 'decoding', 'text', 'together', 'GB moved a step'],
    rows: VIDEO_KINDS.map((kind) => {
      const work = videoWork(kind)
      const same = figures.find(({ clip }) => clip.frames === kind.frames && clip.height === kind.height && clip.width === kind.width)
      const numbers = [stepWork(kind), work.denoising, work.decoding, work.text, totalWork(work)]
      return [kind.title, ...numbers.map((value) => String(Number(value.toPrecision(3)))), same ? whole(same.fused.traffic / 1e9) : '-']
    }),
  })
}

/** One guided step of the first clip: by the range of the peak, and the least that the memory allows. */
export function gpuTable(figures: readonly MemoryFigures[]): string {
  const step = stepWork(VIDEO_KINDS[0]!)
  const { traffic } = figures[0]!.fused
  return markdownTable({
    head: [
      'card',
      'FP16 TFLOPS',
      'GB/s',
      `at ${percent(GPU_SHARE.fast)}`,
      `at ${percent(GPU_SHARE.slow)}`,
      'the work alone, at the peak',
      'the memory alone',
    ],
    rows: GPUS.map(({ title, tflops, bandwidth }) => [
      title,
      whole(tflops),
      whole(bandwidth),
      ...[step / tflops / GPU_SHARE.fast, step / tflops / GPU_SHARE.slow, step / tflops, traffic / 1e9 / bandwidth]
        .map(duration)
        .map((text) => text.replace(/^0 s$/, '< 0.05 s')),
    ]),
  })
}

export function evidenceTable(): string {
  return markdownTable({
    head: ['', 'TFLOP/s', 'card', 'of its peak', 'seen in'],
    rows: EVIDENCE.map(({ what, rate, card, peak, source }) => [what, rate.toFixed(0), card, percent(rate / peak), source]),
  })
}

export function cpuText(): string {
  const measured = cpuMeasured()
  const { kind, step, decode, text, encode, fourSteps, peak } = measured
  const quick = VIDEO_KINDS[0]!
  const sum = (precision: 'float32' | 'int8') => duration(cpuSeconds(measured, quick, precision))
  return [
    `Measured on: ${kind}. One guided step of 16x256x256 takes ${duration(step.int8)} in int8 and ${duration(step.float32)} in float32, the prompts ${duration(text)}, decoding 16 frames ${duration(decode)}, the`,
    `MP4 ${duration(encode)}: with ${quick.steps} steps ${sum('int8')} in int8, ${sum('float32')} in float32. These are sums of measured parts; no such run was made as one. Whole runs that were: ${duration(fourSteps)}`,
    `for four int8 steps without guidance (\`--fast\`), of which two steps were measured. Peak memory ${gibibytes(peak.int8)} GiB in int8, ${gibibytes(peak.float32)} GiB in float32. More cores:`,
    `Amdahl's law from ${measured.cores} cores on, with ${percent(PARALLEL.slow)} to ${percent(PARALLEL.fast)} of the work shared among cores; that share is assumed. A core here is a whole one: clouds`,
    `sell a core as two vCPUs.`,
  ].join('\n')
}

export function allowanceText(): string {
  return `The GPU's figure is the float16 weights of all three models, the most that the UNet's operators hold at once, and ${gibibytes(GPU_ALLOWANCE)} GiB for the driver and its libraries, which is assumed.\n`
}
